/** Linux capabilities by number (capabilities(7), linux/capability.h). */
const names = [
  'cap_chown',
  'cap_dac_override',
  'cap_dac_read_search',
  'cap_fowner',
  'cap_fsetid',
  'cap_kill',
  'cap_setgid',
  'cap_setuid',
  'cap_setpcap',
  'cap_linux_immutable',
  'cap_net_bind_service',
  'cap_net_broadcast',
  'cap_net_admin',
  'cap_net_raw',
  'cap_ipc_lock',
  'cap_ipc_owner',
  'cap_sys_module',
  'cap_sys_rawio',
  'cap_sys_chroot',
  'cap_sys_ptrace',
  'cap_sys_pacct',
  'cap_sys_admin',
  'cap_sys_boot',
  'cap_sys_nice',
  'cap_sys_resource',
  'cap_sys_time',
  'cap_sys_tty_config',
  'cap_mknod',
  'cap_lease',
  'cap_audit_write',
  'cap_audit_control',
  'cap_setfcap',
  'cap_mac_override',
  'cap_mac_admin',
  'cap_syslog',
  'cap_wake_alarm',
  'cap_block_suspend',
  'cap_audit_read',
  'cap_perfmon',
  'cap_bpf',
  'cap_checkpoint_restore',
] as const;

/** The same for all files. */
const none: readonly string[] = [];

/** Bytes of the attribute by the version in its highest byte (struct vfs_cap_data, vfs_ns_cap_data). */
const lengths: Readonly<Record<number, number>> = { 1: 12, 2: 20, 3: 24 };

/**
 * The capabilities that an executable brings, permitted or inheritable, out of its `security.capability` attribute.
 * @param attribute hexadecimal; `''`: there is none
 * @returns names in the order of their numbers, `cap_63` for one without a name; null when the attribute can't be read
 */
export function capabilitiesOf(attribute: string): readonly string[] | null {
  if (attribute === '') return none;
  const bytes = Buffer.from(attribute, 'hex');
  const version = bytes[3] ?? 0;
  if (bytes.length !== lengths[version]) return null;
  const word = (at: number): bigint => BigInt(bytes.readUInt32LE(at));
  let set = word(4) | word(8);
  if (version > 1) set |= (word(12) | word(16)) << 32n;
  const found: string[] = [];
  for (let number = 0; number < 64; number++) if ((set >> BigInt(number)) & 1n) found.push(names[number] ?? `cap_${number}`);
  return found;
}

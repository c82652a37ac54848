/** The variables of a configuration: what Define and `-D` set, and the server's environment. */
export class Variables {
  readonly #defines = new Map<string, string>();
  readonly #environment: ReadonlyMap<string, string>;
  readonly #uncertain: ReadonlySet<string>;

  /** @param uncertain names of the environment whose value is decided at run time */
  constructor(defined: readonly string[], environment: ReadonlyMap<string, string>, uncertain: ReadonlySet<string>) {
    for (const name of defined) this.#defines.set(name, '');
    this.#environment = environment;
    this.#uncertain = uncertain;
  }

  define(name: string, value: string): void {
    this.#defines.set(name, value);
  }

  undefine(name: string): void {
    this.#defines.delete(name);
  }

  /** As `<IfDefine>` asks. */
  isDefined(name: string): boolean {
    return this.#defines.has(name);
  }

  /** Puts in `${NAME}`: what Define set, else the environment, else it stays (ap_resolve_env). */
  resolve(text: string): { readonly text: string; readonly doubt: string | null } {
    if (!text.includes('${')) return { text, doubt: null };
    let doubt: string | null = null;
    const resolved = text.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => {
      const value = this.#defines.get(name) ?? this.#environment.get(name);
      const shown = `\${${name.slice(0, 100)}}`;
      if (value === undefined) doubt = `${shown} is set at run time at best: the image does not set it`;
      else if (!this.#defines.has(name) && this.#uncertain.has(name)) doubt = `${shown} is decided at run time`;
      return value ?? whole;
    });
    return { text: resolved, doubt };
  }
}

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './advisories.fixture.ts';
import { sqlDriver } from './driver.ts';

test("Node's own SQLite where it exists, else libsql; quietly", async () => {
  const warnings: unknown[] = [];
  const listener = (warning: unknown): void => void warnings.push(warning);
  process.on('warning', listener);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  expect((await sqlDriver()).name).toBe(major > 22 || (major === 22 && minor >= 13) ? 'node:sqlite' : 'libsql');
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('warning', listener);
  expect(warnings).toEqual([]);
});

test('values, blobs, missing rows, and a read-only database', async () => {
  const driver = await sqlDriver();
  const path = join(temporaryDirectory(), 'x.db');
  const written = driver.open(path);
  written.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT, b BLOB)');
  written.prepare('INSERT INTO t VALUES (?, ?, ?)').run(2 ** 52, 'ü', Buffer.from([0, 255]));
  written.close();
  const read = driver.open(path, { readOnly: true });
  const row = read.prepare('SELECT * FROM t WHERE n = ?').get(2 ** 52);
  expect([row?.n, row?.s, Buffer.from(row?.b as Uint8Array).toString('hex')]).toEqual([2 ** 52, 'ü', '00ff']);
  expect(read.prepare('SELECT * FROM t WHERE n = ?').get(1)).toBeUndefined();
  expect(read.prepare('SELECT n FROM t').all()).toHaveLength(1);
  expect(() => read.exec('INSERT INTO t VALUES (1, NULL, NULL)')).toThrow();
  read.close();
});

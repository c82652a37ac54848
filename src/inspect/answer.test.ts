import { expect, test } from 'vitest';
import { resultOf, scannerFactsOf } from './answer.ts';

test.each([
  ['OK', { state: 'clean' }],
  ['Eicar-Test-Signature FOUND', { state: 'infected', signature: 'Eicar-Test-Signature' }],
  ['Eicar-Test-Signature(44d88612fea8a8f36de82e1278abb02f:68) FOUND', { state: 'infected', signature: 'Eicar-Test-Signature' }],
  ['A Signature FOUND FOUND', { state: 'infected', signature: 'A Signature FOUND' }],
  ['Heuristics.Limits.Exceeded.MaxFileSize FOUND', { state: 'unscanned' }],
  ['Heuristics.Encrypted.Zip FOUND', { state: 'infected', signature: 'Heuristics.Encrypted.Zip' }],
  ['INSTREAM size limit exceeded. ERROR', { state: 'unscanned', why: 'it is larger than clamd takes (StreamMaxLength of clamd.conf)' }],
  ["Can't allocate memory ERROR", { state: 'unscanned', why: "ClamAV says: Can't allocate memory ERROR" }],
  ['', { state: 'unscanned' }],
  ['ok', { state: 'unscanned' }],
  ['FOUND', { state: 'unscanned' }],
])('the answer %j', (answer, result) => {
  expect(resultOf(answer)).toMatchObject(result);
});

test.each([
  ['ClamAV 1.4.6\n', { kind: 'clamav', name: 'ClamAV 1.4.6', signatures: null }],
  ['ClamAV 1.0.7/27834/Thu Nov 26 09:22:31 2026', { kind: 'clamav', name: 'ClamAV 1.0.7', signatures: { version: '27834', asOf: '2026-11-26T09:22:31.000Z' } }],
  ['ClamAV 1.0.7/27834/some day', { kind: 'clamav', name: 'ClamAV 1.0.7', signatures: { version: '27834', asOf: null } }],
  ['PONG', undefined],
  ['', undefined],
])('the version %j', (answer, facts) => {
  expect(scannerFactsOf(answer)).toEqual(facts);
});

import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';
import { judgeServices, selection, serviceNames, serviceRequests } from './selection.ts';
import { settingOutcomes } from './setting-outcomes.ts';

const values = z.array(z.string().min(1)).optional();

export default defineTrigger({
  gate: 'services',
  name: 'setting',
  since: '0.1.0',
  summary: 'A setting of a service has another effective value than the policy demands.',
  why: 'What counts is the value in force, in every virtual host and Match block, whichever file or default it comes from.',
  remedy: 'Set the directive in the place that wins, which the finding names.',
  parameters: {
    service: z.enum(serviceNames).describe('the service: apache, nginx, openssl, postgresql, redis or sshd'),
    key: z.string().min(1).describe('the directive, as the service spells it: PermitRootLogin, server_tokens'),
    is: z.string().optional().describe('the value that it must have; * stands for any text and case does not matter, here and in the lists'),
    oneof: values.describe('the values of which it must have one'),
    noneof: values.describe('values that it must not have'),
    has: values.describe('words that the value must hold'),
    lacks: values.describe('words that the value must not hold: *-cbc,arcfour*'),
    atleast: z.number().optional().describe('the least number, time in seconds or size in bytes'),
    atmost: z.number().optional().describe('the greatest number, time in seconds or size in bytes'),
    unset: z
      .enum(['undecided', 'violated', 'satisfied'])
      .default('undecided')
      .describe('what it means when neither a file nor a known default says anything: undecided, violated or satisfied'),
    running: selection.running.describe('true: only when the image starts the service'),
  },
  needs: ({ service }) => serviceRequests({ services: [service], running: false }),
  translates: [
    {
      gate: 'SERVICECONFIG',
      trigger: 'service.setting',
      parameters: {
        service: { to: 'service', syntax: 'text' },
        key: { to: 'key', syntax: 'text' },
        is: { to: 'is', syntax: 'text' },
        oneof: { to: 'oneof', syntax: 'list' },
        noneof: { to: 'noneof', syntax: 'list' },
        has: { to: 'has', syntax: 'list' },
        lacks: { to: 'lacks', syntax: 'list' },
        atleast: { to: 'atleast', syntax: 'number' },
        atmost: { to: 'atmost', syntax: 'number' },
        unset: { to: 'unset', syntax: 'text' },
        running: { to: 'running', syntax: 'boolean' },
      },
      requires: ['service', 'key'],
      requiresOneOf: ['is', 'oneof', 'noneof', 'has', 'lacks', 'atleast', 'atmost'],
      own: true,
      sample: { action: 'stop', parameters: 'service=sshd key=PermitRootLogin is=no' },
      note: 'Several demands on one line must all hold.',
    },
  ],
  check: ({ is, oneof, noneof, has, lacks, atleast, atmost }) =>
    (is ?? oneof ?? noneof ?? has ?? lacks ?? atleast ?? atmost) === undefined ? 'nothing is demanded of the value' : undefined,
  examples: [
    {
      title: 'In one Match block.',
      line: 'service=sshd key=permitrootlogin is=no',
      facts: {
        services: [
          {
            service: 'sshd',
            scopes: [
              { settings: [{ key: 'PermitRootLogin', value: 'no' }] },
              { scope: ['Match User git'], settings: [{ key: 'PermitRootLogin', value: 'yes' }] },
            ],
          },
        ],
      },
      fires: ['sshd Match User git PermitRootLogin'],
    },
    {
      title: 'A list without what it must not hold.',
      line: 'service=sshd key=Ciphers lacks=*-cbc,arcfour*',
      facts: { services: [{ service: 'sshd', scopes: [{ settings: [{ key: 'Ciphers', value: 'aes128-ctr,aes256-gcm@openssh.com' }] }] }] },
      fires: [],
    },
    {
      title: 'Inherited by two servers, told once.',
      line: 'service=nginx key=server_tokens is=off',
      facts: {
        services: [
          {
            scopes: [
              { scope: ['http'], settings: [{ key: 'server_tokens', value: 'on' }] },
              { scope: ['http', 'server a:80'], settings: [{ key: 'server_tokens', value: 'on' }] },
            ],
          },
        ],
      },
      fires: ['nginx http server_tokens'],
    },
    {
      title: 'Times and numbers.',
      line: 'service=nginx key=client_body_timeout atmost=60',
      facts: { services: [{ scopes: [{ settings: [{ key: 'client_body_timeout', value: '2m' }] }] }] },
      fires: ['nginx client_body_timeout'],
    },
    {
      title: 'Nobody knows.',
      line: 'service=nginx key=aio is=on',
      facts: { services: [{ scopes: [{ settings: [] }] }] },
      fires: [],
      undecided: ['nginx aio'],
    },
  ],
  *judge({ services }, { service: name, key, running, unset, ...demand }) {
    yield* judgeServices(services, { services: [name], running }, function* (service) {
      const { isSet, outcomes } = settingOutcomes(service, key, demand, '');
      yield* outcomes;
      if (isSet || unset === 'satisfied') return;
      const subject = `${service.service} ${key}`;
      const says = `${service.service}: nothing sets ${key}, and its default is not known`;
      const location = { path: service.entry };
      if (unset === 'violated') yield { state: 'fired', subject, message: says, location };
      else yield { state: 'undecided', subject, reason: says, cause: 'image', location };
    });
  },
});

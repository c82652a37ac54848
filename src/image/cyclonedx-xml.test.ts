import { expect, test } from 'vitest';
import { PortcullisError } from '../errors.ts';
import { readCyclonedxXml } from './cyclonedx-xml.ts';

const namespace = 'xmlns="http://cyclonedx.org/schema/bom/1.6"';
const read = (text: string | Buffer) => readCyclonedxXml(Buffer.from(text), 'bom.xml');
const refusal = (text: string | Buffer): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PortcullisError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing';
};

const whole = `<?xml version="1.0" encoding="UTF-8"?>
<bom ${namespace} serialNumber="urn:uuid:1" version="1">
  <metadata>
    <tools><tool><vendor>v</vendor><name>x</name><version>1</version></tool></tools>
    <component type="container" bom-ref="root"><name>shop</name><version>sha256:aa</version><hashes><hash alg="SHA-256">aa</hash></hashes></component>
    <properties><property name="portcullis:platform">linux/amd64</property></properties>
  </metadata>
  <components>
    <component type="library" bom-ref="a">
      <supplier><name>S</name></supplier>
      <group> @babel </group>
      <name>core</name>
      <version>7.0.0</version>
      <description><![CDATA[a <b> & c]]></description>
      <licenses><license acknowledgement="declared"><id>MIT</id><text>…</text></license><expression>MIT OR ISC</expression></licenses>
      <purl>pkg:npm/%40babel/core@7.0.0?a=b&amp;c=d</purl>
      <pedigree><ancestors><component type="library"><name>old</name><purl>pkg:npm/old@1</purl></component></ancestors></pedigree>
      <components><component type="library"><name>inner</name></component></components>
      <evidence><occurrences><occurrence bom-ref="o"><location>/app</location><line>3</line></occurrence></occurrences></evidence>
    </component>
  </components>
  <services><service><name>s</name></service></services>
  <dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>
  <compositions><composition><aggregate>complete</aggregate><assemblies><assembly ref="root"/></assemblies></composition></compositions>
  <vulnerabilities><vulnerability><id>CVE-1</id><analysis><state>not_affected</state></analysis></vulnerability></vulnerabilities>
</bom>`;

test('as JSON has it, as far as packages go', () => {
  const expected = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      tools: [{ name: 'x', version: '1' }],
      component: { type: 'container', 'bom-ref': 'root', name: 'shop', version: 'sha256:aa', hashes: [{ alg: 'SHA-256', content: 'aa' }] },
      properties: [{ name: 'portcullis:platform', value: 'linux/amd64' }],
    },
    components: [
      {
        type: 'library',
        'bom-ref': 'a',
        group: '@babel',
        name: 'core',
        version: '7.0.0',
        description: 'a <b> & c',
        licenses: [{ license: { id: 'MIT' } }, { expression: 'MIT OR ISC' }],
        purl: 'pkg:npm/%40babel/core@7.0.0?a=b&c=d',
        components: [{ type: 'library', name: 'inner' }],
        evidence: { occurrences: [{ location: '/app', line: 3 }] },
      },
    ],
    services: [{ name: 's' }],
    compositions: [{ aggregate: 'complete', assemblies: ['root'] }],
    vulnerabilities: [{ id: 'CVE-1', analysis: { state: 'not_affected' } }],
  };
  expect(read(whole)).toEqual(expected);
  const prefixed = whole
    .replace('xmlns=', 'xmlns:c=')
    .replaceAll(/<(\/?)([a-z])/g, '<$1c:$2')
    .replace('a <c:b>', 'a <b>');
  expect(read(prefixed)).toEqual(expected);
});

test('tools as components', () => {
  const tools = '<tools><components><component type="application"><name>x</name></component></components></tools>';
  expect(read(`<bom ${namespace}><metadata>${tools}</metadata></bom>`)).toMatchObject({
    metadata: { tools: { components: [{ name: 'x' }] } },
  });
});

test.each([
  ['cut off', whole.slice(0, -20), 'IMAGE_INVALID', 'unclosed'],
  ['entities of its own', `<!DOCTYPE bom [<!ENTITY x "y">]><bom ${namespace}>&x;</bom>`, 'IMAGE_INVALID', 'document type'],
  ['a file from outside', `<!DOCTYPE bom SYSTEM "file:///etc/passwd"><bom ${namespace}/>`, 'IMAGE_INVALID', 'document type'],
  ['an entity that is not there', `<bom ${namespace}>&x;</bom>`, 'IMAGE_INVALID', 'entity'],
  ['two purls', `<bom ${namespace}><components><component><purl>a</purl><purl>b</purl></component></components></bom>`, 'IMAGE_INVALID', '<purl> twice'],
  ['two lists', `<bom ${namespace}><components/><components/></bom>`, 'IMAGE_INVALID', '<components> twice'],
  ['two attributes', `<bom ${namespace}><components><component type="a" type="b"/></components></bom>`, 'IMAGE_INVALID', 'duplicate attribute'],
  ['deep', `<bom ${namespace}>${'<component>'.repeat(100_000)}`, 'IMAGE_LIMIT', 'deeper'],
  ['deep where nobody reads', `<bom ${namespace}>${'<x>'.repeat(100_000)}`, 'IMAGE_LIMIT', 'deeper'],
  ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?><bom ${namespace}/>`, 'IMAGE_FORMAT', 'ISO-8859-1'],
  ['not UTF-8', Buffer.concat([Buffer.from(`<bom ${namespace}>`), Buffer.from([0xff]), Buffer.from('</bom>')]), 'IMAGE_INVALID', 'UTF-8'],
  ['cut within a letter', Buffer.concat([Buffer.from(`<bom ${namespace}>`), Buffer.from([0xc3])]), 'IMAGE_INVALID', ''],
  ['a control character', `<bom ${namespace}>\u0001</bom>`, 'IMAGE_INVALID', 'character'],
  ['two documents', `<bom ${namespace}/><bom ${namespace}/>`, 'IMAGE_INVALID', 'one root'],
  ['nothing', '<!-- x -->', 'IMAGE_INVALID', 'root'],
  ['something behind', `<bom ${namespace}/>x`, 'IMAGE_INVALID', 'outside of root'],
])('%s: refused', (_, text, code, words) => {
  const said = refusal(text);
  expect(said.startsWith(code)).toBe(true);
  expect(said).toContain(words);
});

test('names of JavaScript are no members', () => {
  const read1 = read(
    `<bom ${namespace}><components><component __proto__="x"><constructor>1</constructor><__proto__>2</__proto__><name>a</name></component></components></bom>`,
  );
  expect(read1).toMatchObject({ components: [{ type: '', name: 'a' }] });
});

import { writeIn } from '../support/cli.ts';
import { debianRoot } from '../support/debian.ts';
import { dockerArchive, layer } from '../support/image-builder.ts';

/**
 * Writes the image of the founding article: Debian 8 with Apache, an ssh server, an old openssl, and no HEALTHCHECK. Nothing in it
 * depends on the Node that builds it, so its digests can stand in golden files.
 */
export function writeFoundingImage(path: string): string {
  const base = layer(debianRoot(8, [{ name: 'bash', version: '4.3-11+deb8u2', files: ['/usr/bin/bash'] }]), {
    compression: 'none',
    createdBy: '/bin/sh -c #(nop) ADD file:5d98a8c4ff2a5e1f in / ',
  });
  const packages = [
    { name: 'bash', version: '4.3-11+deb8u2', files: ['/usr/bin/bash'] },
    { name: 'apache2', version: '2.4.10-10+deb8u7', files: ['/usr/sbin/apache2'] },
    { name: 'openssh-client', version: '1:6.7p1-5', source: 'openssh', files: ['/usr/bin/ssh'] },
    { name: 'openssh-server', version: '1:6.7p1-5', source: 'openssh', files: ['/usr/sbin/sshd'] },
    { name: 'openssl', version: '1.0.1t-1', files: ['/usr/bin/openssl'] },
    { name: 'libssl1.0.0', version: '1.0.1t-1', source: 'openssl', files: ['/usr/lib/libssl.so.1.0.0'] },
    { name: 'zlib1g', version: '1:1.2.8.dfsg-2+b1', source: 'zlib (1:1.2.8.dfsg-2)', files: ['/usr/lib/libz.so.1'] },
  ];
  const installed = layer(
    debianRoot(8, packages).filter((item) => 'path' in item && item.path.startsWith('var/lib/dpkg/')),
    { compression: 'none', createdBy: '/bin/sh -c apt-get update && apt-get install -y apache2 openssh-server openssl' },
  );
  const accounts = 'root:x:0:0:root:/root:/bin/bash\ngames:x:5:60:games:/usr/games:/usr/sbin/nologin\nsshd:x:104:65534::/var/run/sshd:/usr/sbin/nologin\n';
  const config = layer([{ path: 'etc/passwd', content: accounts }], { compression: 'none', createdBy: '/bin/sh -c useradd sshd' });
  const image = dockerArchive([
    {
      layers: [base, installed, config],
      tags: ['example/apache:1.0'],
      config: { ExposedPorts: { '22/tcp': {}, '80/tcp': {} }, Cmd: ['apachectl', '-D', 'FOREGROUND'] },
      history: [
        { created_by: base.createdBy },
        { created_by: installed.createdBy },
        { created_by: config.createdBy },
        { created_by: '/bin/sh -c #(nop)  EXPOSE 22/tcp 80/tcp', empty_layer: true },
        { created_by: '/bin/sh -c #(nop)  CMD ["apachectl" "-D" "FOREGROUND"]', empty_layer: true },
      ],
    },
  ]);
  return image.writeTo(path);
}

/** The Dockerfile that the image claims to be built from. */
export const foundingDockerfile = `FROM debian:8
RUN apt-get update && apt-get install -y apache2 openssh-server openssl
RUN useradd sshd
EXPOSE 22 80
CMD ["apachectl", "-D", "FOREGROUND"]
`;

/** Made-up advisories of Debian 8 for that image, one of each severity; in the layout of OSV's bucket. */
export function writeAdvisories(directory: string): string {
  const record = (id: string, name: string, fixed: string | null, severity: string): void => {
    const events = [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])];
    const content = {
      schema_version: '1.7.3',
      id,
      modified: '2016-06-01T00:00:00Z',
      summary: `made up for a test: ${severity}`,
      aliases: [id.replace('DEBIAN-', '')],
      affected: [{ package: { ecosystem: 'Debian:8', name }, ranges: [{ type: 'ECOSYSTEM', events }], ecosystem_specific: { urgency: severity } }],
      database_specific: { severity },
    };
    writeIn(directory, `Debian/${id}.json`, JSON.stringify(content));
  };
  record('DEBIAN-CVE-2016-90001', 'openssl', '1.0.1t-1+deb8u1', 'high');
  record('DEBIAN-CVE-2016-90002', 'zlib', null, 'medium');
  record('DEBIAN-CVE-2016-90003', 'apache2', '2.4.10-10+deb8u8', 'low');
  record('DEBIAN-CVE-2016-90004', 'openssl', '1.0.1s-1', 'critical');
  writeIn(directory, 'state.json', JSON.stringify({ asOf: '2016-06-02T00:00:00Z' }));
  return directory;
}

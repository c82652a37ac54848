// Generated from policies/*.policy: do not edit; `npx vitest run src/policy/builtin.test.ts -u` writes it.
/** The text of each built-in policy by its name. */
export const builtinTexts: Readonly<Record<string, string>> = {
  'basic-policy': `# The founding story: a remote login server and serious vulnerabilities stop an image, a missing health check warns.
# Made to be read, copied and changed.

# Without a health check, a container that hangs looks like one that works.
DOCKERFILECHECK:NOHEALTHCHECK:WARN

# Nobody logs into a container over the network; foolib stands for what your organisation forbids.
PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server,foolib

# One version of a package: the xz release with a back door (CVE-2024-3094).
PKGBLACKLIST:PKGFULLMATCH:STOP:BLACKLIST_FULLMATCH=xz-utils|5.6.1-1,liblzma5|5.6.1-1

# Known vulnerabilities by severity; VULNUNKNOWN says what one without a severity means.
ANCHORESEC:VULNCRITICAL:STOP
ANCHORESEC:VULNHIGH:STOP
ANCHORESEC:VULNMEDIUM:WARN
ANCHORESEC:VULNUNKNOWN:WARN

# No finding must not mean that nobody looked.
ANCHORESEC:UNSUPPORTEDDISTRO:WARN
ANCHORESEC:FEEDOUTOFDATE:WARN:MAXAGE=7
`,
  default: `# What anyone would want: serious vulnerabilities that can be mended and remote login servers stop an image.
# Used when no policy is named.

# Serious vulnerabilities for which a fixed version of the package is there to be installed.
ANCHORESEC:VULNCRITICAL:STOP:FIXEDONLY=true
ANCHORESEC:VULNHIGH:STOP:FIXEDONLY=true

# Nobody has said how serious these are.
ANCHORESEC:VULNUNKNOWN:WARN

# Servers for logging in over the network, by their names in Debian, Ubuntu, Alpine, Red Hat and their relatives.
PKGBLACKLIST:PKGNAMEMATCH:STOP:BLACKLIST_NAMEMATCH=openssh-server,openssh-server-pam,dropbear,dropbear-bin,tinyssh,tinysshd,telnetd,telnetd-ssl,inetutils-telnetd,telnet-server,rsh-server,rsh-redone-server

# Good habits.
IMAGECHECK:ROOTUSER:WARN
IMAGECHECK:LATESTTAG:WARN
DOCKERFILECHECK:NOHEALTHCHECK:WARN
`,
  'ssh-hardening': `# The OpenSSH server as it should be where one is needed: no root login in any form, no password login, published recommendations.

# Nobody logs in as root, not even with a key.
SERVICECONFIG:service.setting:STOP:service=sshd key=PermitRootLogin is=no

# Nobody logs in with a password, in any of the ways to ask for one.
SERVICECONFIG:service.setting:STOP:service=sshd key=PasswordAuthentication is=no
SERVICECONFIG:service.setting:STOP:service=sshd key=KbdInteractiveAuthentication is=no
SERVICECONFIG:service.setting:STOP:service=sshd key=PermitEmptyPasswords is=no

# Advice of the CIS benchmarks, dev-sec, Lynis and Mozilla; each finding names its source, skip=NAME,NAME leaves some out.
SERVICECONFIG:service.hardening:WARN:set=sshd@1 skip=root-login,password,keyboard-interactive,empty-passwords

# What could not be read has not been judged.
SERVICECONFIG:service.unreadable:STOP:service=sshd
`,
  'tls-intermediate': `# TLS that every current client speaks and nobody can break today: Mozilla's intermediate level, version 5.7.
# Version 5.8 has no finite-field Diffie-Hellman any more: write @5.8 to ask for that. Certificates are another matter, since
# most are given when the container is run.

# Protocols and suites in every virtual host and listener, whatever file or default they come from.
SERVICECONFIG:tls.protocols:STOP:level=mozilla:intermediate@5.7
SERVICECONFIG:tls.ciphers:STOP:level=mozilla:intermediate@5.7
SERVICECONFIG:tls.curves:STOP:level=mozilla:intermediate@5.7
`,
  'tls-modern': `# TLS 1.3 and nothing else: Mozilla's modern level, version 5.8.

# Protocols and suites in every virtual host and listener, whatever file or default they come from.
SERVICECONFIG:tls.protocols:STOP:level=mozilla:modern@5.8
SERVICECONFIG:tls.ciphers:STOP:level=mozilla:modern@5.8
SERVICECONFIG:tls.curves:STOP:level=mozilla:modern@5.8
`,
  'web-server-hardening': `# Web servers (Apache httpd, nginx) as they should face the network: no old TLS, no readable keys, published recommendations followed.

# Protocols and suites with known weaknesses.
SERVICECONFIG:tls.protocols:STOP:minimum=TLSv1.2 service=apache,nginx
SERVICECONFIG:tls.ciphers:STOP:weaker=legacy service=apache,nginx

# What is in the image of certificates and keys. A certificate that is given when the container is run can't be judged.
SERVICECONFIG:tls.certificate:STOP:keyreadable=true service=apache,nginx
SERVICECONFIG:tls.certificate:WARN:expires=30 keysize=2048 signature=true selfsigned=true service=apache,nginx

# Advice of the CIS benchmarks, dev-sec and Mozilla; each finding names its source, skip=NAME,NAME leaves some out.
SERVICECONFIG:service.hardening:WARN:set=apache@1,nginx@1

# What could not be read has not been judged.
SERVICECONFIG:service.unreadable:WARN:service=apache,nginx
`,
};

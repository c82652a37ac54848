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
};

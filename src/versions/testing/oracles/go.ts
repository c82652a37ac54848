import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { go } from '../../go.ts';
import { answers, lines, type Oracle, run, succeeds } from './oracle.ts';

const program = `package main

import (
	"bufio"
	"fmt"
	"go/version"
	"os"
	"strings"

	"portcullis.test/oracle/semver"
)

func canonical(text string) string {
	if strings.HasPrefix(text, "v") {
		return text
	}
	return "v" + text
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		a, b, _ := strings.Cut(in.Text(), "\\t")
		if strings.HasPrefix(a, "go") && strings.HasPrefix(b, "go") && version.IsValid(a) && version.IsValid(b) {
			fmt.Println(version.Compare(a, b))
		} else if semver.IsValid(canonical(a)) && semver.IsValid(canonical(b)) {
			fmt.Println(semver.Compare(canonical(a), canonical(b)))
		} else {
			fmt.Println("?")
		}
	}
}
`;

function library(): string {
  return join(run('go', ['env', 'GOROOT']).trim(), 'src/cmd/vendor/golang.org/x/mod/semver/semver.go');
}

/**
 * Go's `x/mod/semver` for modules and `go/version` for releases of Go.
 * Left out: `go1.22` beside another release, because `go/version` reads it as the language, before the candidates of go1.22.0.
 */
export const goLibrary: Oracle = {
  tool: 'x/mod/semver and go/version (Go)',
  order: go,
  ecosystems: ['Go'],
  pairs: 6000,
  judgesValidity: false,
  absent: () => (succeeds('go', ['version']) && existsSync(library()) ? undefined : 'Go is absent'),
  skips: (a, b) => a === 'go1.22' || b === 'go1.22',
  compare(pairs) {
    const folder = mkdtempSync(join(tmpdir(), 'versions-go-'));
    try {
      mkdirSync(join(folder, 'semver'));
      copyFileSync(library(), join(folder, 'semver/semver.go'));
      writeFileSync(join(folder, 'go.mod'), 'module portcullis.test/oracle\n\ngo 1.22\n');
      writeFileSync(join(folder, 'main.go'), program);
      const env = { GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '', GOWORK: 'off' };
      return answers(run('go', ['run', '.'], { cwd: folder, input: lines(pairs), env }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenEntry } from './tar-blocks.fixture.ts';

/** Reads each archive with Go's archive/tar, which container runtimes use, as they go through its entries. */
const program = String.raw`package main

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode/utf8"
)

// A part of a path that isn't UTF-8 has no form in JSON.
func text(name string) string {
	parts := strings.Split(name, "/")
	for at, part := range parts {
		if utf8.ValidString(part) {
			continue
		}
		var out strings.Builder
		for _, b := range []byte(part) {
			if b < 0x80 && b != '\\' {
				out.WriteByte(b)
			} else {
				fmt.Fprintf(&out, "\\x%02x", b)
			}
		}
		parts[at] = out.String()
	}
	return strings.Join(parts, "/")
}

type entry struct {
	Path    string  "json:\"path\""
	Type    string  "json:\"type\""
	Size    int64   "json:\"size\""
	Link    string  "json:\"link\""
	Content *string "json:\"content\""
}

func read(name string) (entries []entry, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader := tar.NewReader(file)
	entries = []entry{}
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		if header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		seen := entry{Path: text(strings.TrimPrefix(path.Clean("/"+header.Name), "/"))}
		switch header.Typeflag {
		case tar.TypeReg, tar.TypeRegA, tar.TypeCont, tar.TypeGNUSparse:
			seen.Type = "file"
			seen.Size = header.Size
			if header.Size > 1<<24 {
				break
			}
			hash := sha256.New()
			if _, err := io.Copy(hash, reader); err != nil {
				return nil, err
			}
			text := hex.EncodeToString(hash.Sum(nil))
			seen.Content = &text
		case tar.TypeLink:
			seen.Type = "hardlink"
			seen.Link = text(header.Linkname)
		case tar.TypeSymlink:
			seen.Type = "symlink"
			seen.Link = text(header.Linkname)
		case tar.TypeChar, tar.TypeBlock:
			seen.Type = "device"
		case tar.TypeDir:
			seen.Type = "directory"
		case tar.TypeFifo:
			seen.Type = "fifo"
		default:
			seen.Type = "other"
		}
		entries = append(entries, seen)
	}
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, name := range os.Args[1:] {
		entries, err := read(name)
		if err != nil {
			out.Encode(map[string]string{"error": fmt.Sprint(err)})
		} else {
			out.Encode(map[string]any{"entries": entries})
		}
	}
}
`;

export type GoAnswer = { readonly entries: readonly SeenEntry[] } | { readonly error: string };

export const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;

/** Builds the oracle in a directory; gives a function from archives to what Go sees in them. */
export function goTar(directory: string): (archives: readonly Uint8Array[]) => GoAnswer[] {
  const source = join(directory, 'go');
  mkdirSync(source);
  writeFileSync(join(source, 'main.go'), program);
  writeFileSync(join(source, 'go.mod'), 'module oracle\n\ngo 1.20\n');
  execFileSync('go', ['build', '-o', join(directory, 'oracle'), '.'], {
    cwd: source,
    env: { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
  });
  return (archives) => {
    const files = archives.map((bytes, index) => {
      const path = join(directory, `${index}.tar`);
      writeFileSync(path, bytes);
      return path;
    });
    const text = execFileSync(join(directory, 'oracle'), files, { encoding: 'utf8', maxBuffer: 1 << 28 });
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as GoAnswer);
  };
}

import { goInformation } from './application.ts';
import type { Content } from './content.ts';
import { elfProgram } from './elf.ts';
import type { GeneratedFile } from './tar.ts';

/** The hardest case of a catalogue: 1 GB of nothing but programs and libraries, which are all looked into. */
export function* programLayers(content: Content): Generator<Iterable<GeneratedFile>> {
  for (let layer = 0; layer < 5; layer++) {
    yield (function* () {
      for (let index = 0; index < 320; index++) {
        const code = content.of('code', Math.min(content.size(620_000), 16_000_000));
        const isGo = index % 16 === 0;
        const sections = isGo ? [{ name: '.go.buildinfo', content: goInformation(index) }] : [];
        const name = index % 4 === 3 ? `lib/layer${layer}/lib${index}.so.${index}` : `bin/layer${layer}/program${index}`;
        yield { path: `usr/${name}`, mode: 0o755, content: elfProgram(code, sections) };
      }
    })();
  }
}

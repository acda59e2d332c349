import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import type { Program } from './programs.ts';

/** The checkout. */
export const project = path.join(import.meta.dirname, '../..');

const common = {
  absWorkingDir: project,
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  logLevel: 'warning',
  legalComments: 'none', // the licences are inside as a whole
} as const satisfies BuildOptions;

/** The scripts of one program, all in one folder. */
export interface Bundle {
  /** The script with which Node begins. */
  readonly main: string;
  /** The others, by the name under which embedded-loader.ts asks for them. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Which source files are in them. */
  readonly metafile: Metafile;
}

/**
 * Writes the scripts of `program` into `folder`, which holds nothing else: one for each entry, and the parts that several share or that are
 * loaded later, as esbuild splits them. Node's executables take CommonJS only, which esbuild does not split: so it writes modules first,
 * and then makes CommonJS of each.
 */
export async function bundleProgram(program: Program, folder: string): Promise<Bundle> {
  const { metafile } = await build({
    ...common,
    entryPoints: { ...program.entries },
    outdir: folder,
    format: 'esm',
    splitting: true,
    plugins: [lateChildProcess],
    metafile: true,
    external: ['@napi-rs/nice'], // optional in piscina, native: thread priorities, which we do not set
    // No script is a file. What is found relative to one goes by its name; the drive makes it a path on Windows as well.
    define: { 'import.meta.url': '"file:///C:/certsweep/"', __dirname: '""' },
  });
  const scripts: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const file = path.join(folder, name);
    const { code } = await transform(readFileSync(file, 'utf8'), {
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      minify: true,
      supported: { 'dynamic-import': false }, // makes it require, which the loader answers
    });
    writeFileSync(file, code);
    scripts[name] = file;
  }
  const loader = path.join(folder, 'loader.js');
  const entryPoints = ['build/package/embedded-loader.ts'];
  await build({ ...common, entryPoints, outfile: loader, format: 'cjs' });
  scripts['loader.js'] = loader;
  const main = path.join(folder, 'program.js');
  writeFileSync(main, `const embeddedEntry="main";\n${readFileSync(loader, 'utf8')}`);
  return { main, scripts, metafile };
}

/**
 * commander starts subcommands that are programs of their own, of which there are none here, and loads node:child_process for them at
 * once: 13 ms of each start. Here it is loaded when it is used.
 */
const lateChildProcess: Plugin = {
  name: 'late-child-process',
  setup({ onResolve, onLoad }) {
    const namespace = 'late-child-process';
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]commander[\\/]/.test(importer)
        ? { path: 'late', namespace }
        : undefined,
    );
    onLoad({ filter: /^late$/, namespace }, () => ({
      contents: `export default { spawn: (...all) => process.getBuiltinModule('node:child_process').spawn(...all) };`,
    }));
  },
};

/** A package that is shipped, as package-lock.json knows it. */
export interface ShippedPackage {
  /** Relative to the project, as `node_modules/commander`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier. */
  readonly license: string;
  /** Subresource integrity of the package as npm publishes it. */
  readonly integrity: string;
}

/** Reads below the project: this file knows no file system. */
export interface ProjectFiles {
  /** Names in a folder; none where it is missing. */
  list(folder: string): readonly string[];
  /** A file's text. */
  read(file: string): string;
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity: string;
  readonly dev?: boolean;
}

const LICENSE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/** The packages that package-lock.json names and that are not for development only. `lock` is its text. */
export function shippedPackages(lock: string): ShippedPackage[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, LockedPackage> };
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev)
    .map(([folder, { version, license = 'NOASSERTION', integrity }]) => ({
      folder,
      name: folder.replace(/^.*node_modules\//, ''),
      version,
      license,
      integrity,
    }));
}

/**
 * The licence texts of `packages`, one after the other, as their files hold them. A package that is not installed is left out: npm
 * installs what this platform can use. One without such a file is listed with what its package.json says.
 */
export function licenseTexts(packages: readonly ShippedPackage[], files: ProjectFiles): string {
  return packages
    .map((each) => ({ ...each, found: files.list(each.folder) }))
    .filter(({ found }) => found.length > 0)
    .map(({ folder, name, version, license, found }) => {
      const texts = found
        .filter((file) => LICENSE_FILE.test(file))
        .map((file) => files.read(`${folder}/${file}`).replaceAll('\r\n', '\n').trim());
      const title = `${name} ${version}: ${license}`;
      const rule = '='.repeat(title.length);
      const text = texts.join('\n\n') || textFor(license, files.read(`${folder}/package.json`));
      return `${title}\n${rule}\n\n${text}\n`;
    })
    .join('\n\n');
}

/** For a package that brings no text of its licence. */
function textFor(license: string, manifest: string): string {
  const { author } = JSON.parse(manifest) as { author?: string | { name?: string } };
  const owner = (typeof author === 'object' ? author.name : author) ?? 'its authors';
  const said = `The package holds no licence text. Its package.json says ${license}; its author is ${owner}.`;
  return license === 'MIT' ? `${said}\n\n${MIT}` : said;
}

/** Source: SPDX licence list, "MIT". */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use,
copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

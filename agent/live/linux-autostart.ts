import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { absoluteWords } from './absolute-words.ts';
import { addTo } from './lists.ts';
import type { AutostartEntry } from './live-context.ts';
import { readBounded } from './read-bounded.ts';

/** What starts by itself on this machine, by the files it names. */
export interface AutostartTable {
  of(file: { readonly realPath: string; readonly stats: Stats }): AutostartEntry[];
  readonly missing: readonly string[];
}

/** Where units lie, the first of a name wins. Source: systemd.unit(5), "Unit File Load Path". */
const UNIT_FOLDERS = [
  ...['etc/systemd/system', 'run/systemd/system', 'usr/local/lib/systemd/system'],
  ...['usr/lib/systemd/system', 'lib/systemd/system'],
  ...['etc/systemd/user', 'usr/lib/systemd/user'],
];
const HOME_UNITS = '.config/systemd/user';
/** Source: freedesktop.org, "Desktop Application Autostart Specification". */
const AUTOSTART_FOLDERS = ['etc/xdg/autostart'];
const HOME_AUTOSTART = '.config/autostart';
/** Source: crontab(5), cron(8). */
const CRON_PLACES = ['etc/crontab', 'etc/cron.d', 'var/spool/cron/crontabs', 'var/spool/cron'];

const MOST_FILES = 20_000;
const MOST_BYTES = 256 * 1024;
const MOST_HOMES = 1_000;

/** Reads the units of systemd, desktop autostart entries and the tables of cron. Programs they start by a script are not seen. */
export function linuxAutostart(root = '/'): AutostartTable {
  const gatherer = new Gatherer(root);
  const homes = homeFolders(root);
  const inHomes = (folder: string) => homes.map((home) => path.join(home, folder));
  gatherer.units([...UNIT_FOLDERS, ...inHomes(HOME_UNITS)]);
  for (const folder of [...AUTOSTART_FOLDERS, ...inHomes(HOME_AUTOSTART)]) gatherer.desktop(folder);
  for (const place of CRON_PLACES) gatherer.cron(place);
  return gatherer;
}

class Gatherer implements AutostartTable {
  readonly #root: string;
  readonly #byPath = new Map<string, AutostartEntry[]>();
  readonly #byFile = new Map<string, AutostartEntry[]>();
  readonly #unreadable: string[] = [];
  #files = 0;

  constructor(root: string) {
    this.#root = root;
  }

  get missing(): readonly string[] {
    const [first] = this.#unreadable;
    return [
      ...(first === undefined
        ? []
        : [
            `${this.#unreadable.length} folders of autostart entries could not be read (${first}): run as root`,
          ]),
      ...(this.#files >= MOST_FILES ? [`only ${MOST_FILES} autostart entries were looked at`] : []),
    ];
  }

  of({ realPath, stats }: { realPath: string; stats: Stats }): AutostartEntry[] {
    const byFile = this.#byFile.get(`${stats.dev}:${stats.ino}`) ?? [];
    return [...new Set([...byFile, ...(this.#byPath.get(realPath) ?? [])])];
  }

  /** A unit of the distribution is enabled by a link in another folder: all are looked through for links first. */
  units(folders: readonly string[]): void {
    const wanted = new Set(folders.flatMap((folder) => this.#wantedUnits(folder)));
    for (const folder of folders) this.#unitsIn(folder, wanted);
  }

  #unitsIn(folder: string, wanted: ReadonlySet<string>): void {
    for (const name of this.#names(folder)) {
      if (name.endsWith('.service')) this.#unit(path.join(folder, name), name, wanted);
      if (!name.endsWith('.service.d')) continue;
      for (const part of this.#names(path.join(folder, name)))
        this.#unit(path.join(folder, name, part), name.slice(0, -2), wanted);
    }
  }

  desktop(folder: string): void {
    for (const name of this.#names(folder)) {
      if (!name.endsWith('.desktop')) continue;
      const text = this.#text(path.join(folder, name));
      const isHidden = /^Hidden\s*=\s*true\s*$/m.test(text);
      const state = isHidden ? 'disabled' : 'enabled';
      this.#add({ kind: 'autostart', name, state }, valuesOf(text, /^Exec$/));
    }
  }

  cron(place: string): void {
    const isFile = statIfThere(path.join(this.#root, place))?.isFile();
    const files = isFile ? [place] : this.#names(place).map((name) => path.join(place, name));
    for (const file of files) {
      const lines = this.#text(file)
        .split('\n')
        .filter((line) => !line.trimStart().startsWith('#'));
      this.#add({ kind: 'cron', name: `/${file}`, state: null }, lines);
    }
  }

  #unit(file: string, name: string, wanted: ReadonlySet<string>): void {
    const whole = path.join(this.#root, file);
    const isLink = lstatSync(whole, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    const isMasked = isLink && readlinkSync(whole) === '/dev/null';
    if (isMasked) return;
    const state = wanted.has(name) ? 'enabled' : 'not enabled';
    this.#add({ kind: 'service', name, state }, valuesOf(this.#text(file), /^ExecStart/));
  }

  /** The names that a `*.wants` or `*.requires` folder links to: that is what `systemctl enable` writes. */
  #wantedUnits(folder: string): string[] {
    return this.#names(folder)
      .filter((name) => /\.(wants|requires)$/.test(name))
      .flatMap((name) => this.#names(path.join(folder, name)));
  }

  #add(entry: AutostartEntry, commands: readonly string[]): void {
    for (const file of new Set(commands.flatMap(absoluteWords))) {
      addTo(this.#byPath, file, entry);
      const stats = statIfThere(file);
      if (stats) addTo(this.#byFile, `${stats.dev}:${stats.ino}`, entry);
    }
  }

  #names(folder: string): readonly string[] {
    try {
      return readdirSync(path.join(this.#root, folder)).slice(0, MOST_FILES);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === 'EACCES' || code === 'EPERM') this.#unreadable.push(`/${folder}`);
      return [];
    }
  }

  #text(file: string): string {
    this.#files += 1;
    if (this.#files > MOST_FILES) return '';
    return readBounded(path.join(this.#root, file), MOST_BYTES) ?? '';
  }
}

/** The values of the keys that match, continued lines joined. Source: systemd.syntax(7). */
function valuesOf(text: string, key: RegExp): string[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name = '', value = ''] = /^\s*([A-Za-z-]+)\s*=(.*)$/.exec(line) ?? [];
      return key.test(name) ? [value] : [];
    });
}

/** undefined also for what may not be looked at, and for what is no path at all. */
function statIfThere(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** Relative to the root, from passwd(5). */
function homeFolders(root: string): string[] {
  const text = readBounded(path.join(root, 'etc/passwd'), MOST_BYTES) ?? '';
  const homes = text.split('\n').flatMap((line) => {
    const home = line.split(':')[5];
    return home?.startsWith('/') && home !== '/' ? [home.slice(1)] : [];
  });
  return [...new Set(homes)].slice(0, MOST_HOMES);
}

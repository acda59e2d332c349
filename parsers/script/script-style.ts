/** How one kind of script carries a signature: in comments, in lines of Base64 between a first and a last one. */
export interface ScriptStyle {
  readonly firstLine: string;
  readonly lastLine: string;
  /** What stands around the Base64 of each line between. */
  readonly prefix: string;
  readonly suffix: string;
  /** Which of Windows' two packages digests it: PowerShell's (pwrshsip.dll) or the scripting host's (wshext.dll). */
  readonly digestedBy: 'powershell' | 'wsh';
}

/**
 * The style that goes with a file name; undefined where the name is not a script's that Windows can verify.
 *
 * For scripts, unlike for all other kinds, Windows goes by the extension: under another name there is no signature to it.
 * Source: about_Signing (PowerShell documentation) for the extensions of the first three.
 */
export function scriptStyleOf(fileName: string): ScriptStyle | undefined {
  const dot = fileName.lastIndexOf('.');
  return dot < 0 ? undefined : styles.get(fileName.slice(dot + 1).toLowerCase());
}

function powershell(prefix: string, suffix: string): ScriptStyle {
  return {
    firstLine: `${prefix}SIG # Begin signature block${suffix}`,
    lastLine: `${prefix}SIG # End signature block${suffix}`,
    prefix,
    suffix,
    digestedBy: 'powershell',
  };
}

function scriptingHost(prefix: string): ScriptStyle {
  return {
    firstLine: `${prefix}Begin signature block`,
    lastLine: `${prefix}End signature block`,
    prefix,
    suffix: '',
    digestedBy: 'wsh',
  };
}

const hash = powershell('# ', '');
const xml = powershell('<!-- ', ' -->');
const c = powershell('/* ', ' */');
const wsf: ScriptStyle = {
  ...scriptingHost('** SIG ** '),
  firstLine: '<signature>',
  lastLine: '</signature>',
};

const styles: ReadonlyMap<string, ScriptStyle> = new Map([
  ['ps1', hash],
  ['psm1', hash],
  ['psd1', hash],
  ['ps1xml', xml],
  ['psc1', xml],
  ['cdxml', xml],
  ['mof', c],
  ['vbs', scriptingHost("'' SIG '' ")],
  ['js', scriptingHost('// SIG // ')],
  ['wsf', wsf],
]);

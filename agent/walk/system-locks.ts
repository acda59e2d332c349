/** What Windows holds open as long as it runs. In these places only: a name alone could be anyone's. */
const HELD_OPEN_BY_WINDOWS = [
  /^[a-z]:\\(pagefile|hiberfil|swapfile)\.sys$/i,
  /^[a-z]:\\dumpstack\.log(\.tmp)?$/i,
  /^[a-z]:\\windows\\system32\\config\\(sam|security|software|system|default|components|drivers|bbi|elam)(\.log[12]?)?$/i,
  /^[a-z]:\\windows\\serviceprofiles\\(localservice|networkservice)\\ntuser\.dat(\.log[12])?$/i,
  /^[a-z]:\\users\\[^\\]+\\ntuser\.dat(\.log[12])?$/i,
  /^[a-z]:\\users\\[^\\]+\\appdata\\local\\microsoft\\windows\\usrclass\.dat(\.log[12])?$/i,
];

/** Restore points: no list of access rights lets even administrators in. */
const CLOSED_BY_WINDOWS = /^[a-z]:\\system volume information$/i;

/**
 * Whether Windows itself stands behind a refusal: page files, the loaded registry hives, the folder of restore points. A sweep
 * cannot read them and is complete without them. EBUSY: a process has it open and shares it with nobody. EPERM: access
 * denied. Source: libuv, win/error.c.
 */
export function isLockedBySystem(path: string, code: string, platform = process.platform): boolean {
  if (platform !== 'win32') return false;
  if (code === 'EPERM') return CLOSED_BY_WINDOWS.test(path);
  return code === 'EBUSY' && HELD_OPEN_BY_WINDOWS.some((place) => place.test(path));
}

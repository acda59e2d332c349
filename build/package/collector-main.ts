/** Entry of the collector's executable: collector/bin.mjs without the version guard, since an executable brings its own Node. */
import { versionLine } from '../../collector/version.ts';
import { shedHostVariables } from './own-environment.ts';
import { answersVersion } from './quick-version.ts';

if (!answersVersion(process.argv, versionLine)) {
  shedHostVariables();
  void import('../../collector/cli.ts').then(({ main }) => main(process.argv));
}

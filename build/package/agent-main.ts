/** Entry of the agent's executable: agent/bin.mjs without the version guard, since an executable brings its own Node. */
import { versionLine } from '../../agent/version.ts';
import { shedHostVariables } from './own-environment.ts';
import { answersVersion } from './quick-version.ts';

if (!answersVersion(process.argv, versionLine)) {
  shedHostVariables();
  void import('../../agent/cli.ts').then(({ main }) => main(process.argv));
}

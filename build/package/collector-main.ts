/** Entry of the collector's executable: collector/bin.mjs without the version guard, since an executable brings its own Node. */
import './own-environment.ts';
import { versionLine } from '../../collector/version.ts';
import { answersVersion } from './quick-version.ts';

if (!answersVersion(process.argv, versionLine))
  void import('../../collector/cli.ts').then(({ main }) => main(process.argv));

/** Entry of the agent's executable: agent/bin.mjs without the version guard, since an executable brings its own Node. */
import './embedded-workers.ts';
import { main } from '../../agent/cli.ts';

void main(process.argv);

/** Entry of the collector's executable: collector/bin.mjs without the version guard. */
import './embedded-workers.ts';
import { main } from '../../collector/cli.ts';

void main(process.argv);

import manifest from '../package.json' with { type: 'json' };

/** Version of the agent, as records carry it. */
export const agentVersion: string = manifest.version;

/** piscina/dist/worker.js, which the bundle resolves: it runs, it exports nothing. */
declare module 'piscina/worker';

/** postject carries no types. Source: its README, "Programmatic API". */
declare module 'postject' {
  export function inject(
    executable: string,
    resourceName: string,
    resource: Uint8Array,
    options: { sentinelFuse: string },
  ): Promise<void>;
}

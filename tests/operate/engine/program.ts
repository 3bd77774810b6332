/** What the fixture project can be told to do, shared by the fixture and the tests. */
export interface Step {
  readonly name: string;
  /** A shell snippet that `create` and `update` end with. */
  readonly run?: string;
  readonly runOnDelete?: string;
  readonly component?: boolean;
  readonly parent?: string;
  readonly dependsOn?: readonly string[];
  /** The step whose stdout this one takes as $FROM. */
  readonly from?: string;
  readonly deletedWith?: string;
  readonly triggers?: readonly unknown[];
  readonly stdin?: string;
  readonly secretStdin?: string;
  /** Further inputs of the command, and options of the resource, as they are. */
  readonly inputs?: Record<string, unknown>;
  readonly options?: Record<string, unknown>;
}

export interface ProgramConfig {
  readonly steps?: readonly Step[];
  readonly fault?: "ConfigError" | "bug" | "hang";
  readonly password?: { readonly length: number };
  /** An output that is secret. */
  readonly secret?: string;
  /** Names of further configuration values to give back as the program sees them. */
  readonly show?: readonly string[];
  /** Another stack, whose outputs become ours. */
  readonly reference?: string;
}

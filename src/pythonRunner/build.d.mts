import type { BuildOptions } from 'esbuild';

export declare const pythonRunnerBuild: BuildOptions;
export declare function copyPyodide(folder: string): Promise<void>;

import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs keep what belongs to a user, on this machine. */
export interface UserFolders {
  home: string;
  /** `~/.config`, `~/Library/Application Support` or `%APPDATA%`. */
  applications: string;
  claude: string;
  codex: string;
  copilot: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The folders by the platform's rules and by the variables with which clients move theirs. */
export function userFolders(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): UserFolders {
  const home = homedir();
  return {
    home,
    applications: applicationsFolder(home, environment, platform),
    claude: environment.CLAUDE_CONFIG_DIR || home,
    codex: environment.CODEX_HOME || join(home, '.codex'),
    copilot: environment.COPILOT_HOME || join(home, '.copilot'),
  };
}

function applicationsFolder(
  home: string,
  environment: Environment,
  platform: NodeJS.Platform,
): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support');
    case 'win32':
      return environment.APPDATA || join(home, 'AppData', 'Roaming');
    default:
      return environment.XDG_CONFIG_HOME || join(home, '.config');
  }
}

import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { plainText } from './plainText.ts';
import { InputReader, literal, UnusableOption } from './readInput.ts';
import type { RecipePart, RegistryEntryOption } from './recipe.ts';

interface Kind {
  title: string;
  /** The programs that may run it, the usual one first. A description cannot name others. */
  runners: readonly [string, ...string[]];
  identifier: RegExp;
  /** Words before the package itself, and the package in its version. */
  words(identifier: string, version: string): { before: string[]; target: string };
}

const kinds = new Map<string, Kind>([
  [
    'npm',
    {
      title: 'npm package',
      runners: ['npx', 'bunx'],
      identifier: /^(@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i,
      words: (name, version) => ({ before: ['-y'], target: version ? `${name}@${version}` : name }),
    },
  ],
  [
    'pypi',
    {
      title: 'Python package',
      runners: ['uvx'],
      identifier: /^[a-z0-9][\w.-]*$/i,
      words: (name, version) => ({ before: [], target: version ? `${name}==${version}` : name }),
    },
  ],
  [
    'oci',
    {
      title: 'container image',
      runners: ['docker', 'podman'],
      identifier: /^[a-z0-9][\w.\-/:@]*$/i,
      words: (name, version) => {
        const isTagged = /[:@][^/]*$/.test(name);
        const target = version && !isTagged ? `${name}:${version}` : name;
        return { before: ['run', '-i', '--rm'], target };
      },
    },
  ],
  [
    'nuget',
    {
      title: 'NuGet package',
      runners: ['dnx'],
      identifier: /^[a-z0-9][\w.-]*$/i,
      words: (name, version) => ({
        before: ['--yes'],
        target: version ? `${name}@${version}` : name,
      }),
    },
  ],
]);

/** A package that is run on this machine; undefined where its kind or description cannot be used. */
export function readPackage(definition: JsonObject): RegistryEntryOption | undefined {
  try {
    return readKnown(definition);
  } catch (error) {
    if (error instanceof UnusableOption) return undefined;
    throw error;
  }
}

function readKnown(definition: JsonObject): RegistryEntryOption | undefined {
  const { registryType, identifier, version, runtimeHint, transport } = definition;
  const kind = kinds.get(String(registryType));
  const isStdio = !isJsonObject(transport) || transport.type === 'stdio';
  if (!kind || !isStdio || typeof identifier !== 'string') return undefined;
  if (identifier.length > 200 || !kind.identifier.test(identifier)) return undefined;
  const wanted = typeof version === 'string' && version !== 'latest' ? version : '';
  if (!/^[\w.+!-]{0,60}$/.test(wanted)) return undefined;
  const command = kind.runners.find((runner) => runner === runtimeHint) ?? kind.runners[0];
  const reader = new InputReader();
  const env = readVariables(definition.environmentVariables, reader);
  const { before, target } = kind.words(identifier, wanted);
  const given = readArguments(definition.runtimeArguments, 'runtime', reader);
  const args: RecipePart[] = [
    ...before.map(fixed),
    ...(registryType === 'oci' ? env.flatMap(passOn) : []),
    ...given.filter(({ value }) => value === undefined || !before.includes(value)),
    fixed(target),
    ...readArguments(definition.packageArguments, 'package', reader),
  ];
  return {
    option_id: '',
    title: plainText(`${kind.title} ${identifier} ${wanted}`, 200),
    transport_type: 'stdio',
    summary: plainText(withLabels([command, ...args.flatMap(wordsOf)].join(' '), reader), 500),
    questions: reader.questions,
    recipe: { type: 'stdio', command, args, env },
  };
}

function wordsOf({ name, value }: RecipePart): string[] {
  return [name, value].filter((word) => word !== undefined);
}

/** What is asked for is shown by its label. */
function withLabels(text: string, { questions }: InputReader): string {
  const labels = new Map(questions.map(({ id, label }) => [`{${id}}`, `{${label}}`]));
  return text.replace(/\{[^{}]+\}/g, (asked) => labels.get(asked) ?? asked);
}

function fixed(value: string): RecipePart {
  return { value, asks: [], optional: false };
}

/** A container gets a variable only where it is told to. */
function passOn({ name = '', asks, optional }: RecipePart): RecipePart[] {
  return [{ name: '-e', value: name, asks, optional }];
}

function readVariables(variables: unknown, reader: InputReader): RecipePart[] {
  const list = Array.isArray(variables) ? variables.filter(isJsonObject) : [];
  return list.flatMap((variable) => {
    const { name } = variable;
    if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) return [];
    return [reader.part(variable, name, name, name)];
  });
}

function readArguments(given: unknown, place: string, reader: InputReader): RecipePart[] {
  const list = Array.isArray(given) ? given.filter(isJsonObject) : [];
  return list.map((argument, index) => {
    const hint = typeof argument.valueHint === 'string' ? argument.valueHint : undefined;
    if (argument.type !== 'named') {
      return reader.part(argument, `${place} ${index}`, hint ?? `Argument ${index + 1}`);
    }
    if (typeof argument.name !== 'string' || argument.name === '') {
      throw new UnusableOption('An option has no name.');
    }
    const name = literal(argument.name);
    const isSwitch = argument.value === undefined && !asksForValue(argument);
    if (isSwitch) return { name, asks: [], optional: false };
    return reader.part(argument, `${place} ${index}`, name, name);
  });
}

/** An option without any word about a value is a switch. */
function asksForValue(argument: JsonObject): boolean {
  const members = ['default', 'placeholder', 'choices', 'valueHint', 'format', 'isRequired'];
  return members.some((member) => argument[member] !== undefined);
}

import { Command } from 'commander';
import { createToken } from './create-token.ts';
import { dataFolderPath, readSecrets, shortPath } from './data-folder.ts';
import { describeError, PlainError } from './plain-error.ts';

const program = new Command('npm run -s token --')
  .description('Prints a bearer token that the local services accept.')
  .option('--sub <name>', 'who the caller is', 'dev')
  .option('--expires <time>', 'how long it is good for: 30s, 5m, 12h, 2d', '12h')
  .parse();

try {
  console.log(
    await createToken({
      ...program.opts<{ sub: string; expires: string }>(),
      secret: secret(),
      env: process.env,
    }),
  );
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}

/** The secret from the environment, or else from the data folder. */
function secret(): string {
  const { KEYCLOAK_REALM_URL: realm, JWT_SECRET: named } = process.env;
  if (realm)
    throw new PlainError(
      `Tokens come from ${realm}: KEYCLOAK_REALM_URL is set, so the services take no others.`,
    );
  if (named) return named;
  const dataDir = dataFolderPath(process.env);
  const known = readSecrets(dataDir);
  if (known) return known.jwtSecret;
  throw new PlainError(
    `There is no secret in ${shortPath(dataDir)} yet: run npm start first, or set JWT_SECRET.`,
  );
}

# One image for every process of Quoin; the command chooses: dist/apps/{api,worker,cli}/main.js.
# `--target tools` is the second one, for compose.yaml only: the stand-ins for S3, SMTP and the payment provider.

FROM node:24-slim AS base
WORKDIR /app

# All packages, once. No package of ours needs its install script, so none is run. npm refuses `ci` where the lock was written
# without the builds for other kinds of machines; `install --no-save` takes the same locked versions (as tools/stack/packages.mjs).
FROM base AS packages
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund \
  || npm install --no-save --ignore-scripts --no-audit --no-fund

FROM packages AS build
COPY nest-cli.json tsconfig.json ormconfig.ts ./
COPY apps apps
COPY libs libs
COPY src src
# Nest's own entry and not `npm run`: npm would put the development Node of node_modules/.bin first.
RUN for app in api worker cli; do node node_modules/@nestjs/cli/bin/nest.js build "$app" || exit 1; done \
  && rm -f dist/*.tsbuildinfo dist/.*.tsbuildinfo \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM base AS tools
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY tools tools
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001

# The image that ships. Its files belong to root, so the process cannot change what it runs.
FROM base AS runtime
# Few arenas: memory that a thread has given back is used by the others (docs/performance.md).
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# Makes the roles and databases, once, as the cluster's superuser: node tools/database/bootstrap.mjs
COPY tools/database tools/database
COPY tools/stack/bootstrap-sql.mjs tools/stack/bootstrap-sql.mjs
USER 10001:10001
EXPOSE 3000 3001
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=8", "--max-old-space-size=256", "dist/apps/api/main.js"]

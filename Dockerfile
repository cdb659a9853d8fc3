# Two images: `server`, one node of authlab, and `lab`, the bench with a Redis of its own.
# docker build --target server . | docker build --target lab .

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src src
COPY bench bench
RUN npm run --silent build \
  && find dist \( -name '*.test.js*' -o -name '*.contract.js*' \) -delete \
  && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src

FROM runtime AS lab
# The lab stops and pins the Redis it measures with, which it can only do to a process of its own.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends redis-server \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /app/dist/bench dist/bench
COPY scenarios scenarios
RUN install --directory --owner=node --group=node runs
USER node
ENTRYPOINT ["node", "dist/bench/cli.js"]
CMD ["run", "scenarios/quick.yaml"]

FROM runtime AS server
USER node
# Inside a container loopback reaches nobody; what may reach the container is decided where its port is published.
ENV AUTHLAB_HOST=0.0.0.0 AUTHLAB_PORT=3000
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.AUTHLAB_PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/server.js"]

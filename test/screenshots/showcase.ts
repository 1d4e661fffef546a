import type { DockerCli } from "../fixtures/docker-cli.ts";

const webLog = `i=0; while :; do
  echo "INFO GET /products/$((i % 40)) 200 $((i % 17 + 2))ms"
  [ $((i % 9)) = 0 ] && echo "WARN slow query: orders took $((i % 400 + 120))ms" >&2
  [ $((i % 31)) = 30 ] && echo "{\\"level\\":\\"error\\",\\"msg\\":\\"payment declined\\",\\"order\\":$((4000 + i))}" >&2
  i=$((i+1)); usleep 150000; done`;
const dbLog = `i=0; while :; do
  echo "LOG:  checkpoint complete: wrote $((i % 60 + 3)) buffers"; [ $((i % 7)) = 6 ] && echo "ERROR: deadlock detected" >&2
  i=$((i+1)); usleep 700000; done`;
const cacheLog = `i=0; while :; do echo "DEBUG evicted $((i % 5)) keys, $((1200 + i)) in use"; i=$((i+1)); usleep 400000; done`;

/** Fills an engine with what a developer's laptop holds on an ordinary day. */
export async function furnish(docker: DockerCli): Promise<void> {
  const images = ["nginx:1.27", "postgres:17", "redis:8", "node:24-slim", "grafana/grafana:12.1", "mailpit:latest"];
  for (const image of images) await docker("tag", "busybox:test", image);
  for (const volume of ["shop_db-data", "shop_uploads", "grafana"]) await docker("volume", "create", volume);
  for (const network of ["shop_default", "monitoring"]) await docker("network", "create", network);
  const compose = (service: string): string[] => [
    "--label=com.docker.compose.project=shop",
    `--label=com.docker.compose.service=${service}`,
    "--network=shop_default",
    `--name=shop-${service}-1`,
  ];
  const run = (...args: string[]): Promise<string> => docker("run", "-d", ...args);
  const forever = ["sleep", "100000"];
  await run(
    ...compose("web"),
    "-p",
    "18080:80",
    "-e",
    "NODE_ENV=production",
    "-e",
    "SESSION_SECRET=r4nd0m",
    "nginx:1.27",
    "sh",
    "-c",
    webLog,
  );
  await run(
    ...compose("db"),
    "-p",
    "127.0.0.1:15432:5432",
    "-v",
    "shop_db-data:/var/lib/postgresql",
    "-e",
    "POSTGRES_PASSWORD=pw",
    "postgres:17",
    "sh",
    "-c",
    dbLog,
  );
  await run(...compose("cache"), "--restart", "unless-stopped", "redis:8", "sh", "-c", cacheLog);
  await run(...compose("worker"), "node:24-slim", "sh", "-c", "echo out of work; exit 3");
  await run(
    "--name",
    "grafana",
    "--network",
    "monitoring",
    "-p",
    "13000:3000",
    "-v",
    "grafana:/var/lib/grafana",
    "grafana/grafana:12.1",
    ...forever,
  );
  await run("--name", "mailpit", "--network", "monitoring", "-p", "18025:8025", "mailpit:latest", ...forever);
  await docker("pause", "mailpit");
  await docker("create", "--name", "scratchpad", "node:24-slim");
}

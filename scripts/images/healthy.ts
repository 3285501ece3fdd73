/**
 * The health check of our images: ends with 0 when the service answers 200 within 5 s. `node healthy.mjs
 * http://127.0.0.1:8080/healthz`
 */
const [url = ''] = process.argv.slice(2);
const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
process.exitCode = answer.status === 200 ? 0 : 1;

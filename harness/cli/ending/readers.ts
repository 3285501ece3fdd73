/**
 * Output that nobody reads any more: `orrery list | head -1`. A write then fails with EPIPE, which would crash the
 * command in the middle of its work; what is written from then on goes nowhere.
 */
/** Calls back once, when the reader of stdout or stderr has gone: the machine tells so at the next write. */
export function whenReaderGone(onGone: () => void): void {
  let told = false;
  const tell = () => {
    if (!told) onGone();
    told = true;
  };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      tell();
    });
  }
}

/** For programs that only print: they end there, with what they have to say unsaid. */
export function endWithReader(): void {
  whenReaderGone(() => process.exit(process.exitCode ?? 0));
}

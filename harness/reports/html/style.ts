/** The page's style: light or dark as the reader's system is. */
export const style = `
:root { color-scheme: light dark; --ink: #1d2530; --faint: #6b7686; --line: #dfe4ea; --paper: #fff; --soft: #f5f7f9;
  --good: #1a7f4b; --bad: #c4312d; --odd: #b07400; --active: #2f6fbf; --wait: #c3cbd6; }
@media (prefers-color-scheme: dark) { :root { --ink: #dde3ea; --faint: #8b96a5; --line: #313a46; --paper: #14181d; --soft: #1c2229;
  --good: #4cc38a; --bad: #ff6b66; --odd: #e5b045; --active: #6ca8f0; --wait: #465160; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; padding: 24px 32px; max-width: 1200px; }
h1 { margin: 0; font-size: 26px; } h2 { font-size: 18px; margin: 0 0 4px; } header p, .about, .footer, .because, time { color: var(--faint); }
section { border-top: 1px solid var(--line); margin-top: 28px; padding-top: 20px; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--faint); font-weight: 500; }
td, th { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--line); } .number { text-align: right; white-space: nowrap; }
a { color: var(--active); text-decoration: none; } code { font-size: 13px; background: var(--soft); padding: 1px 5px; border-radius: 4px; }
.badge { font-size: 12px; padding: 1px 8px; border-radius: 10px; color: var(--paper); background: var(--faint); white-space: nowrap; }
.badge.true { background: var(--good); } .badge.false { background: var(--bad); } .badge.unknown { background: var(--odd); }
.judgements { list-style: none; padding: 0; } .judgements li { margin: 3px 0; } .because { margin-left: 6px; font-size: 13px; }
.why { font-size: 12px; background: var(--soft); border-radius: 6px; padding: 8px 12px; margin: 4px 0 12px; overflow-x: auto; }
details { margin: 4px 0; } summary { cursor: pointer; color: var(--faint); }
.timeline { width: 100%; height: auto; background: var(--soft); border-radius: 6px; margin: 8px 0; }
.timeline text { font: 10px system-ui, sans-serif; fill: var(--faint); } .timeline .label { font-size: 11px; fill: var(--ink); }
.timeline .tick { text-anchor: middle; } .timeline .row { text-anchor: end; font-size: 9px; } .grid { stroke: var(--line); }
.planned.started { fill: var(--good); } .planned.delayed { fill: var(--odd); } .planned.skipped { fill: var(--wait); }
.planned.replaced { fill: var(--active); } .planned.unexplained { fill: var(--bad); }
.job.complete { fill: var(--good); } .job.failed { fill: var(--bad); } .job.active { fill: var(--active); } .job.deleted { fill: var(--odd); }
.pod.waiting { fill: var(--wait); } .pod.running { fill: var(--active); } .pod.succeeded { fill: var(--good); opacity: .75; }
.pod.failed { fill: var(--bad); opacity: .75; } .pod.pending { fill: var(--wait); }
.report { fill: var(--active); } .report.complete { fill: var(--good); } .report.failed { fill: var(--bad); } .report.cancelled { fill: var(--odd); }
.legend { font-size: 13px; color: var(--faint); } .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 5px 0 14px; }
.report.queued { fill: var(--wait); } .report.stale { opacity: .35; } .fault { fill: var(--bad); opacity: .13; } .timeline .fault-label { fill: var(--bad); }
.legend .complete { background: var(--good); }
.legend .failed { background: var(--bad); }
.legend .active { background: var(--active); }
.legend .waiting { background: var(--wait); }
.legend .late { background: var(--odd); }
`;

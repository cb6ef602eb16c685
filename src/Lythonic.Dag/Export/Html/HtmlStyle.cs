namespace Lythonic.Dag.Export;

/// <summary>How a page looks: light and dark, wide and narrow.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet.</summary>
    public const string Text =
        """
        :root { --back: #ffffff; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --box: #f6f8fa; --accent: #0a58ca;
          --none: #59636e; --completed: #1a7f37; --failed: #c9302c; --upstream_failed: #b35900; --skipped: #6a737d;
          --paused: #8a6d00; --running: #0a58ca; --cancelled: #6f42c1; }
        @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --muted: #9198a1; --line: #3d444d; --box: #151b23;
          --accent: #58a6ff; --none: #9198a1; --completed: #3fb950; --failed: #f85149; --upstream_failed: #db8a3c; --skipped: #9198a1;
          --paused: #d29922; --running: #58a6ff; --cancelled: #b388f0; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
        main { max-width: 1400px; margin: 0 auto; padding: 20px 16px 60px; }
        h1 { font-size: 24px; margin: 0 0 8px; overflow-wrap: anywhere; }
        h2 { font-size: 18px; margin: 0 0 8px; }
        h3 { font-size: 13px; margin: 12px 0 4px; color: var(--muted); }
        section { margin-top: 28px; }
        a { color: var(--accent); }
        nav { margin-top: 14px; display: flex; gap: 16px; }
        dl { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 0; }
        dt { font-size: 12px; color: var(--muted); }
        dd { margin: 0; overflow-wrap: anywhere; }
        button, input { font: inherit; font-size: 13px; color: inherit; background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; }
        button { cursor: pointer; }
        .tools { margin: 0 0 8px; }
        .muted { color: var(--muted); }
        .scroll { overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: 8px; background: var(--box); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        svg.graph { display: block; height: auto; max-width: none; }
        svg .edge { fill: none; stroke: var(--muted); stroke-width: 1.4; opacity: .6; }
        svg.dense .edge { opacity: .22; }
        svg .edge.lit { stroke: var(--accent); stroke-width: 2.4; opacity: 1; }
        svg .tip { fill: var(--muted); }
        svg a { outline: none; }
        svg .node rect { fill: var(--back); stroke: var(--status); stroke-width: 1.6; }
        svg .node.pending rect, svg .node.waiting rect { stroke-dasharray: 4 3; }
        svg a:hover rect, svg a:focus rect { stroke-width: 3.6; }
        svg a:focus rect { stroke: var(--accent); }
        svg text { fill: var(--text); font-size: 13px; }
        svg .caption { fill: var(--status); font-size: 11.5px; }
        .none, .pending { --status: var(--none); } .completed { --status: var(--completed); } .failed, .interrupted { --status: var(--failed); }
        .upstream_failed { --status: var(--upstream_failed); } .skipped { --status: var(--skipped); } .paused { --status: var(--paused); }
        .running, .waiting { --status: var(--running); } .warned { --status: var(--paused); } .cancelled { --status: var(--cancelled); }
        svg .failed rect, svg .interrupted rect { fill: color-mix(in srgb, var(--failed) 14%, var(--back)); }
        svg .warned rect { fill: color-mix(in srgb, var(--paused) 14%, var(--back)); }
        .count { display: inline-block; margin-right: 10px; }
        .dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; background: var(--status); margin-right: 7px; }
        .dot.pending, .dot.none { background: none; border: 2px solid var(--status); }
        .gantt .row { display: grid; grid-template-columns: minmax(70px, 190px) 1fr 84px; gap: 12px; align-items: center; padding: 2px 12px; color: inherit;
          text-decoration: none; }
        .gantt .row:last-child { padding-bottom: 8px; }
        .gantt .scale { position: sticky; top: 0; z-index: 1; padding-top: 6px; background: var(--box); border-bottom: 1px solid var(--line); }
        .gantt .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .gantt .track { position: relative; height: 16px; }
        .gantt .track b { position: absolute; top: 2px; height: 12px; min-width: 3px; border-radius: 3px; background: var(--status); }
        .gantt .track u { position: absolute; top: -2px; height: 20px;
          background: repeating-linear-gradient(135deg, var(--line) 0 2px, transparent 2px 6px); }
        .gantt .scale i { position: absolute; font-style: normal; font-size: 11px; color: var(--muted); transform: translateX(-50%); white-space: nowrap; }
        .gantt .scale i:first-child { transform: none; } .gantt .scale i:last-child { transform: translateX(-100%); }
        .gantt .took { text-align: right; font-size: 12.5px; color: var(--muted); white-space: nowrap; }
        a.row:hover, a.row:focus { background: color-mix(in srgb, var(--accent) 12%, transparent); }
        a.row:focus-visible { outline-offset: -3px; }
        details { border: 1px solid var(--line); border-radius: 8px; margin: 6px 0; padding: 0 12px; scroll-margin-top: 12px; }
        details:target { border-color: var(--accent); }
        summary { cursor: pointer; padding: 7px 0; overflow-wrap: anywhere; }
        summary .name { margin-right: 6px; }
        details[open] { padding-bottom: 12px; }
        pre { margin: 0; padding: 8px 10px; background: var(--box); border-radius: 6px; max-height: 340px; overflow: auto; font-size: 12.5px;
          white-space: pre-wrap; overflow-wrap: anywhere; }
        pre.error { margin-top: 12px; border-left: 4px solid var(--status); }
        @media (max-width: 600px) { .gantt .row { grid-template-columns: 1fr 62px; gap: 0 8px; padding: 2px 8px; }
          .gantt .name { grid-column: 1 / 3; white-space: normal; overflow-wrap: anywhere; font-size: 13px; }
          .gantt .scale span:first-child, .gantt .scale i:nth-child(even) { display: none; } }

        """;
}

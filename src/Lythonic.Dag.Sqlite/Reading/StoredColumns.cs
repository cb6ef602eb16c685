namespace Lythonic.Dag.Sqlite;

/// <summary>What is selected of runs and of node runs, with the errors of what is in flight inside them.</summary>
internal static class StoredColumns
{
    // Elements that failed in a map that is in flight, whose row has no numbers yet. The index has only sub-runs that have not completed.
    private const string FailedInFlight = """
        SELECT count(*) FROM run s
        WHERE s.parent = n.run AND s.parent_node = n.label COLLATE NOCASE AND s.status <> 'completed' AND s.status = 'failed'
        """;

    // Errors in the sub-runs that are in flight, at any depth: their rows have no numbers yet either.
    private const string InsideInFlight = $"""
            UNION ALL
            SELECT s.id FROM live JOIN run s ON s.parent = live.id AND s.parent IS NOT NULL AND s.status <> 'completed'
            WHERE s.status = 'running')
        SELECT sum(max(n.error_count, n.status = 'failed')
            + CASE WHEN n.status = 'running' AND d.kind = 2 THEN ({FailedInFlight}) ELSE 0 END)
        FROM live JOIN node_run n ON n.run = live.id
            JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        WHERE (n.error_count > 0 OR n.status IN ('failed', 'running'))
            AND NOT EXISTS (SELECT 1 FROM node_run m WHERE m.run = n.run AND m.label = n.label AND m.attempt > n.attempt)
        """;

    private const string InsideRun = $"""
        WITH live(id) AS (
            SELECT s.id FROM run s WHERE s.parent = r.id AND s.parent IS NOT NULL AND s.status <> 'completed' AND s.status = 'running'
        {InsideInFlight}
        """;

    private const string InsideNode = $"""
        WITH live(id) AS (
            SELECT s.id FROM run s WHERE s.parent = n.run AND s.parent_node = n.label COLLATE NOCASE AND s.status <> 'completed'
                AND s.status = 'running'
        {InsideInFlight}
        """;

    private const string MapsInFlight = """
        FROM node_run n JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        WHERE n.run = r.id AND n.status = 'running' AND d.kind = 2
        """;

    /// <summary>The columns of a run.</summary>
    public const string OfRun = $"""
        SELECT r.id, r.run_id, r.path, d.dag_name, r.status, r.started_at, r.finished_at, p.run_id, r.parent_node, r.element_key, r.ordinal,
            r.branch, r.failed_node, r.error, r.replayed_from, r.tags, o.owner_machine, o.owner_process, o.owner_started, r.definition,
            o.run_id,
            CASE WHEN r.status <> 'running' THEN r.error_count ELSE (
                SELECT coalesce(sum(max(n.error_count, n.status = 'failed')), 0) FROM node_run n
                WHERE n.run = r.id AND (n.error_count > 0 OR n.status = 'failed')
                    AND NOT EXISTS (SELECT 1 FROM node_run m WHERE m.run = n.run AND m.label = n.label AND m.attempt > n.attempt)) END,
            r.failed_elements, r.elements, r.element_id, r.targets, r.restarts,
            CASE WHEN r.parent IS NOT NULL AND r.status = 'completed'
                AND NOT EXISTS (SELECT 1 FROM node_run n WHERE n.run = r.id AND n.status NOT IN ('skipped', 'omitted')
                    AND NOT EXISTS (SELECT 1 FROM node_run m WHERE m.run = n.run AND m.label = n.label AND m.attempt > n.attempt))
                THEN (SELECT CASE WHEN count(*) > 0 THEN coalesce(max(n.reused_from), '') END
                    FROM node_run n WHERE n.run = r.id AND n.status = 'skipped') END,
            o.started_by, o.started_process,
            CASE WHEN r.status = 'running' THEN (SELECT sum(({FailedInFlight})) {MapsInFlight}) END,
            CASE WHEN r.status = 'running' THEN (SELECT sum(n.element_count) {MapsInFlight}) END, r.idle, r.description,
            CASE WHEN r.status = 'running' THEN ({InsideRun}) END, r.replay_nodes, r.replay_downstream, r.replay_failed
        FROM run r JOIN definition d ON d.id = r.definition JOIN run o ON o.id = coalesce(r.root, r.id) LEFT JOIN run p ON p.id = r.parent
        WHERE NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id))
        """;

    /// <summary>The columns of a node run.</summary>
    public const string OfNode = $"""
        SELECT n.id, n.label, d.kind, n.status, n.attempt, n.started_at, n.finished_at, n.error, d.fingerprint,
            n.error_count, n.failed_elements, n.elements, n.host, n.condition_met, n.reused_from, n.element_count, n.waits_until, n.run,
            n.reused_elements,
            CASE WHEN n.attempt = 1 THEN 0 ELSE (SELECT count(*) FROM node_run m WHERE m.run = n.run AND m.label = n.label
                AND m.attempt < n.attempt AND m.status IN ('upstream_failed', 'omitted', 'skipped')) END,
            CASE WHEN n.status = 'running' AND d.kind = 2 THEN ({FailedInFlight}) END, n.retried_elements,
            n.overridden, CASE WHEN n.status = 'running' AND d.kind BETWEEN 2 AND 4 THEN ({InsideNode}) END
        FROM node_run n JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        """;

    /// <summary>The position of the run among <see cref="OfNode"/>.</summary>
    public const int RunOfNode = 17;
}

namespace Lythonic.Dag.Sqlite;

/// <summary>The tables and views, as migrations from one version of the file to the next.</summary>
internal static class Schema
{
    /// <summary>The mark of this module's files ("LyDg").</summary>
    public const int ApplicationId = 0x4C794467;

    // element_id: the identity of an element of a dictionary or a set. node_elements: the order in which a map ran its elements.
    // error_count, failed_elements, elements: the errors that did not fail a node or a run.
    // node_reuse: the key by which the output of a node run is found, the parts that were compared, and when and in which run (NULL: its
    // own) the code ran. A reused element has no row there. node_run.reuse_of is the key of the row whose output it has; if the node run of
    // that key is removed, the row passes to the node run that has the output.
    // run_unfinished, run_errors: of the sub-runs of a map most have completed without errors, and those are not in these indexes.
    // run_replay: for each run with errors that a table shows, its newest replay is looked for.
    // A waiting attempt has not started: its row says since when it waits, and when the wait ends (waits_until) if that is known.
    // element_count: how many elements a map has, known once it has begun.
    // idle: for how many seconds a run was stopped, in all, before it went on.
    // conditions_met: a JSON array of the labels of nodes whose conditions were met and that have not begun.
    // started_by, started_process: who started a root run, as user@machine. owner_: the process that works on it since the last restart.
    // description: that of the DAG, for a root run.
    // lock_claim: who holds locks or waits for them, in the order of asking. lock_name: the names of these locks.
    // run_turn: who waits to begin a run while no other of its name is live, in the order of asking.
    // definition_use: the shapes that a root run has, its sub-runs and their node runs included. A shape without a row here is removed. An
    // index of all runs by their shapes would cost each element a row of it.
    // overridden: whether the run overrode the code of the node.
    // definition_node.kind 5 is the input node of a map whose elements come from a pipeline. Its output and that of the map are stored only
    // with the elements.
    // Stored texts are joined as texts, because SQLite's JSON functions refuse values of more than 1,000 levels.
    private const string Third = """
        ALTER TABLE run ADD COLUMN error_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN failed_elements INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN elements INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node_run ADD COLUMN error_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node_run ADD COLUMN failed_elements INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node_run ADD COLUMN elements INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN element_id TEXT;
        ALTER TABLE node_run ADD COLUMN host TEXT;
        ALTER TABLE node_run ADD COLUMN reused_from TEXT;
        ALTER TABLE node_run ADD COLUMN reuse_of INTEGER;
        ALTER TABLE node_run ADD COLUMN condition_met INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node_run ADD COLUMN waits_until REAL;
        ALTER TABLE node_run ADD COLUMN element_count INTEGER;
        ALTER TABLE node_run ADD COLUMN reused_elements INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node_run ADD COLUMN retried_elements INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node_run ADD COLUMN overridden INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN targets TEXT;
        ALTER TABLE run ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN idle REAL NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN conditions_met TEXT;
        ALTER TABLE run ADD COLUMN started_by TEXT;
        ALTER TABLE run ADD COLUMN started_process INTEGER;
        ALTER TABLE run ADD COLUMN description TEXT;
        ALTER TABLE run ADD COLUMN replay_nodes TEXT;
        ALTER TABLE run ADD COLUMN replay_downstream INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN replay_failed INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE reuse_code (id INTEGER PRIMARY KEY, code_key TEXT NOT NULL UNIQUE, parts_json TEXT NOT NULL) STRICT;
        CREATE TABLE node_reuse (
            node_run INTEGER PRIMARY KEY, holder INTEGER, reuse_key TEXT NOT NULL, ran_at REAL NOT NULL, ran_in TEXT,
            code INTEGER, inputs_json TEXT) STRICT;
        CREATE INDEX node_reuse_key ON node_reuse (reuse_key, ran_at);
        CREATE INDEX node_reuse_code ON node_reuse (code) WHERE code IS NOT NULL;
        CREATE INDEX node_run_reuse_of ON node_run (reuse_of) WHERE reuse_of IS NOT NULL;
        CREATE TABLE node_elements (node_run INTEGER PRIMARY KEY REFERENCES node_run, ids_json TEXT NOT NULL) STRICT;
        CREATE INDEX node_run_waiting ON node_run (run) WHERE status = 'waiting';
        CREATE INDEX run_unfinished ON run (parent, parent_node COLLATE NOCASE) WHERE parent IS NOT NULL AND status <> 'completed';
        CREATE INDEX run_errors ON run (parent, parent_node COLLATE NOCASE) WHERE parent IS NOT NULL AND error_count > 0;
        CREATE INDEX run_replay ON run (replayed_from, started_at) WHERE replayed_from IS NOT NULL;
        CREATE TABLE lock_claim (
            id INTEGER PRIMARY KEY AUTOINCREMENT, owner_machine TEXT NOT NULL, owner_process INTEGER NOT NULL,
            owner_started INTEGER NOT NULL) STRICT;
        CREATE TABLE lock_name (name TEXT NOT NULL, claim INTEGER NOT NULL REFERENCES lock_claim, UNIQUE (name, claim)) STRICT;
        CREATE INDEX lock_name_claim ON lock_name (claim);
        CREATE TABLE run_turn (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, owner_machine TEXT NOT NULL, owner_process INTEGER NOT NULL,
            owner_started INTEGER NOT NULL) STRICT;
        CREATE TABLE definition_use (
            root INTEGER NOT NULL REFERENCES run, definition INTEGER NOT NULL REFERENCES definition, PRIMARY KEY (root, definition))
            STRICT, WITHOUT ROWID;
        CREATE INDEX definition_use_definition ON definition_use (definition);
        INSERT INTO definition_use
            SELECT coalesce(root, id), definition FROM run
            UNION SELECT coalesce(r.root, r.id), n.definition FROM node_run n JOIN run r ON r.id = n.run;
        DROP INDEX run_definition;
        DROP VIEW dag_runs;
        DROP VIEW node_executions;
        DROP VIEW payload_text;

        CREATE VIEW payload_text AS
        SELECT p.id AS id, CASE WHEN p.json <> '' THEN p.json ELSE (
            SELECT group_concat(x.json, '') FROM (
                SELECT coalesce(t.json, u.json, q.json) AS json FROM payload_part t LEFT JOIN payload q ON q.id = t.part
                    LEFT JOIN payload_part u ON u.payload = t.part AND q.json = ''
                WHERE t.payload = p.id ORDER BY t.seq, u.seq) x) END AS json
        FROM payload p;

        CREATE VIEW node_executions AS
        SELECT r.run_id AS run_id, n.label AS node_label,
            CASE WHEN d.kind BETWEEN 2 AND 4 THEN 'composite' WHEN d.is_source THEN 'source' WHEN d.is_sink THEN 'sink' ELSE 'internal' END
                AS node_type,
            d.is_source AS is_source, d.is_sink AS is_sink, n.status AS status, n.attempt AS attempt,
            CASE WHEN n.input_json IS NOT NULL THEN n.input_json
                WHEN EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id) THEN (
                    SELECT '{' || group_concat(json_quote(name) || ':' || value, ',') || '}' FROM (
                        SELECT name, CASE WHEN max(is_element) THEN '[' || group_concat(text, ',') || ']' ELSE max(text) END AS value
                        FROM (
                            SELECT i.name AS name, i.seq AS seq, i.is_element AS is_element,
                                coalesce(i.json, (SELECT p.json FROM payload_text p WHERE p.id = i.payload)) AS text
                            FROM node_input i WHERE i.node_run = n.id ORDER BY i.seq)
                        GROUP BY name ORDER BY min(seq))) END AS input_json,
            coalesce(n.output_json, (SELECT p.json FROM payload_text p WHERE p.id = n.output_payload)) AS output_json,
            CASE WHEN n.status = 'waiting' THEN NULL ELSE n.started_at END AS started_at, n.finished_at AS finished_at, n.error AS error,
            CASE WHEN n.status = 'failed' THEN max(n.error_count, 1) ELSE n.error_count END AS error_count, n.host AS host,
            n.reused_from AS reused_from
        FROM node_run n JOIN run r ON r.id = n.run
            JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        WHERE NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id));

        CREATE VIEW dag_runs AS
        SELECT r.run_id AS run_id, r.path AS dag_nsref, p.run_id AS parent_run_id, r.status AS status, r.started_at AS started_at,
            r.finished_at AS finished_at,
            CASE WHEN r.parent IS NULL THEN r.source_inputs_json ELSE (
                SELECT '{' || json_quote(x.node_label) || ':' || x.input_json || '}' FROM node_executions x
                WHERE x.run_id = r.run_id AND x.is_source AND x.input_json IS NOT NULL ORDER BY x.attempt DESC LIMIT 1) END
                AS source_inputs_json,
            (SELECT '{' || group_concat(json_quote(x.node_label) || ':' || x.output_json, ',') || '}'
                FROM node_executions x
                WHERE x.run_id = r.run_id AND x.is_sink AND x.status IN ('completed', 'skipped') AND x.output_json IS NOT NULL)
                AS sink_outputs_json,
            r.replayed_from AS replayed_from, r.failed_node AS failed_node,
            coalesce(r.error, CASE WHEN r.status = 'cancelled' AND r.error_count > 0 THEN (
                SELECT CASE WHEN lower(substr(n.error, 1, length(n.label))) = lower(n.label)
                    AND substr(n.error, length(n.label) + 1, 1) IN ('[', '/') THEN '' ELSE n.label || ': ' END || n.error
                FROM node_run n
                WHERE n.run = r.id AND n.error IS NOT NULL AND (n.error_count > 0 OR n.status = 'failed')
                    AND NOT EXISTS (SELECT 1 FROM node_run l WHERE l.run = n.run AND l.position = n.position AND l.attempt > n.attempt)
                ORDER BY n.position LIMIT 1) END) AS error,
            CASE WHEN r.status = 'failed' THEN max(r.error_count, 1) ELSE r.error_count END AS error_count,
            o.started_by AS started_by, o.started_process AS started_process, r.idle AS idle, r.description AS description
        FROM run r JOIN run o ON o.id = coalesce(r.root, r.id) LEFT JOIN run p ON p.id = r.parent
        WHERE NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id));
        """;

    /// <summary>
    /// The migrations, each from version n to n+1. The version of a file is the number of migrations that were applied to it.
    /// </summary>
    public static IReadOnlyList<string> Migrations { get; } = [ReleasedMigrations.First, ReleasedMigrations.Second, Third];
}

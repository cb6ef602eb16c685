namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Migrations that have been released. Their text never changes, not even its line breaks: a file keeps the text of its tables and views.
/// So these lines alone may be longer than 140 characters.
/// </summary>
internal static class ReleasedMigrations
{
    /// <summary>From an empty file to version 1.</summary>
    /// <remarks>
    /// definition_node.kind is the number of a <see cref="NodeKind"/>; from 2 (<see cref="NodeKind.Map"/>) on it is a composite node, and
    /// the views say so.
    /// </remarks>
    public const string First = """
        CREATE TABLE definition (
            id INTEGER PRIMARY KEY, dag_name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE definition_node (
            definition INTEGER NOT NULL REFERENCES definition, position INTEGER NOT NULL, label TEXT NOT NULL, kind INTEGER NOT NULL,
            is_source INTEGER NOT NULL, is_sink INTEGER NOT NULL, fingerprint TEXT NOT NULL, UNIQUE (definition, position)) STRICT;
        CREATE TABLE definition_edge (
            id INTEGER PRIMARY KEY, definition INTEGER NOT NULL REFERENCES definition, upstream TEXT NOT NULL, downstream TEXT NOT NULL,
            UNIQUE (definition, upstream, downstream)) STRICT;
        CREATE TABLE payload (id INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
        CREATE TABLE run (
            id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, definition INTEGER NOT NULL REFERENCES definition,
            parent INTEGER REFERENCES run, root INTEGER, parent_node TEXT, element_key TEXT, ordinal INTEGER NOT NULL DEFAULT 0, branch TEXT,
            status TEXT NOT NULL, started_at REAL NOT NULL, finished_at REAL, source_inputs_json TEXT, replayed_from TEXT, tags TEXT,
            failed_node TEXT, error TEXT, owner_machine TEXT, owner_process INTEGER, owner_started INTEGER,
            pause_requested INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX run_children ON run (parent, parent_node, ordinal) WHERE parent IS NOT NULL;
        CREATE INDEX run_recent ON run (started_at DESC, id DESC) WHERE parent IS NULL;
        CREATE INDEX run_status ON run (status, started_at DESC) WHERE parent IS NULL;
        CREATE INDEX run_path ON run (path COLLATE NOCASE, started_at DESC) WHERE parent IS NULL;
        CREATE TABLE node_run (
            id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, definition INTEGER NOT NULL, position INTEGER NOT NULL,
            label TEXT NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, started_at REAL NOT NULL, finished_at REAL,
            input_json TEXT, output_json TEXT, output_payload INTEGER REFERENCES payload, error TEXT, messages_json TEXT,
            UNIQUE (run, label, attempt)) STRICT;
        CREATE INDEX node_run_payload ON node_run (output_payload) WHERE output_payload IS NOT NULL;
        CREATE TABLE node_input (
            node_run INTEGER NOT NULL REFERENCES node_run, seq INTEGER NOT NULL, name TEXT NOT NULL, is_element INTEGER NOT NULL,
            json TEXT, payload INTEGER REFERENCES payload, UNIQUE (node_run, seq)) STRICT;
        CREATE INDEX node_input_payload ON node_input (payload) WHERE payload IS NOT NULL;

        CREATE VIEW node_executions AS
        SELECT r.run_id AS run_id, n.label AS node_label,
            CASE WHEN d.kind >= 2 THEN 'composite' WHEN d.is_source THEN 'source' WHEN d.is_sink THEN 'sink' ELSE 'internal' END AS node_type,
            d.is_source AS is_source, d.is_sink AS is_sink, n.status AS status, n.attempt AS attempt,
            CASE WHEN n.input_json IS NOT NULL THEN n.input_json
                WHEN EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id) THEN (
                    SELECT json_group_object(name, json(value)) FROM (
                        SELECT i.name AS name,
                            CASE WHEN max(i.is_element) THEN json_group_array(json(coalesce(i.json, p.json)))
                                ELSE max(coalesce(i.json, p.json)) END AS value
                        FROM node_input i LEFT JOIN payload p ON p.id = i.payload WHERE i.node_run = n.id
                        GROUP BY i.name ORDER BY min(i.seq))) END AS input_json,
            coalesce(n.output_json, (SELECT p.json FROM payload p WHERE p.id = n.output_payload)) AS output_json,
            n.started_at AS started_at, n.finished_at AS finished_at, n.error AS error
        FROM node_run n JOIN run r ON r.id = n.run
            JOIN definition_node d ON d.definition = n.definition AND d.position = n.position;

        CREATE VIEW edge_traversals AS
        SELECT r.run_id AS run_id, e.upstream AS upstream_label, e.downstream AS downstream_label, n.finished_at AS traversed_at
        FROM node_run n JOIN run r ON r.id = n.run
            JOIN definition_edge e ON e.definition = n.definition AND e.upstream = n.label
        WHERE n.status IN ('completed', 'skipped');

        CREATE VIEW dag_runs AS
        SELECT r.run_id AS run_id, r.path AS dag_nsref, p.run_id AS parent_run_id, r.status AS status, r.started_at AS started_at,
            r.finished_at AS finished_at,
            CASE WHEN r.parent IS NULL THEN r.source_inputs_json ELSE (
                SELECT json_object(x.node_label, json(x.input_json)) FROM node_executions x
                WHERE x.run_id = r.run_id AND x.is_source AND x.input_json IS NOT NULL ORDER BY x.attempt DESC LIMIT 1) END AS source_inputs_json,
            (SELECT CASE WHEN count(*) = 0 THEN NULL ELSE json_group_object(x.node_label, json(x.output_json)) END FROM node_executions x
                WHERE x.run_id = r.run_id AND x.is_sink AND x.status IN ('completed', 'skipped')) AS sink_outputs_json,
            r.replayed_from AS replayed_from, r.failed_node AS failed_node, r.error AS error
        FROM run r LEFT JOIN run p ON p.id = r.parent;
        """;

    /// <summary>From version 1 to version 2.</summary>
    /// <remarks>
    /// payload_part: a payload may consist of parts, some of them other payloads. removal: runs that are being removed, in many small
    /// transactions; readers no longer see them, and after a crash the next removal goes on.
    /// </remarks>
    public const string Second = """
        CREATE TABLE removal (run INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE payload_part (
            payload INTEGER NOT NULL REFERENCES payload, seq INTEGER NOT NULL, json TEXT, part INTEGER REFERENCES payload, UNIQUE (payload, seq)) STRICT;
        CREATE INDEX payload_part_part ON payload_part (part) WHERE part IS NOT NULL;
        CREATE INDEX run_definition ON run (definition);
        CREATE INDEX run_started ON run (started_at, id);
        CREATE INDEX node_run_running ON node_run (run) WHERE status = 'running';
        DROP VIEW dag_runs;
        DROP VIEW edge_traversals;
        DROP VIEW node_executions;

        CREATE VIEW payload_text AS
        SELECT p.id AS id, CASE WHEN p.json <> '' THEN p.json ELSE (
            SELECT group_concat(x.json, '') FROM (
                SELECT coalesce(t.json, q.json) AS json FROM payload_part t LEFT JOIN payload q ON q.id = t.part
                WHERE t.payload = p.id ORDER BY t.seq) x) END AS json
        FROM payload p;

        CREATE VIEW node_executions AS
        SELECT r.run_id AS run_id, n.label AS node_label,
            CASE WHEN d.kind >= 2 THEN 'composite' WHEN d.is_source THEN 'source' WHEN d.is_sink THEN 'sink' ELSE 'internal' END AS node_type,
            d.is_source AS is_source, d.is_sink AS is_sink, n.status AS status, n.attempt AS attempt,
            CASE WHEN n.input_json IS NOT NULL THEN n.input_json
                WHEN EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id) THEN (
                    SELECT json_group_object(name, json(value)) FROM (
                        SELECT i.name AS name,
                            CASE WHEN max(i.is_element) THEN json_group_array(json(coalesce(i.json, (SELECT p.json FROM payload_text p WHERE p.id = i.payload))))
                                ELSE max(coalesce(i.json, (SELECT p.json FROM payload_text p WHERE p.id = i.payload))) END AS value
                        FROM node_input i WHERE i.node_run = n.id
                        GROUP BY i.name ORDER BY min(i.seq))) END AS input_json,
            coalesce(n.output_json, (SELECT p.json FROM payload_text p WHERE p.id = n.output_payload)) AS output_json,
            n.started_at AS started_at, n.finished_at AS finished_at, n.error AS error
        FROM node_run n JOIN run r ON r.id = n.run
            JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        WHERE NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id));

        CREATE VIEW edge_traversals AS
        SELECT r.run_id AS run_id, e.upstream AS upstream_label, e.downstream AS downstream_label, n.finished_at AS traversed_at
        FROM node_run n JOIN run r ON r.id = n.run
            JOIN definition_edge e ON e.definition = n.definition AND e.upstream = n.label
        WHERE n.status IN ('completed', 'skipped') AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id));

        CREATE VIEW dag_runs AS
        SELECT r.run_id AS run_id, r.path AS dag_nsref, p.run_id AS parent_run_id, r.status AS status, r.started_at AS started_at,
            r.finished_at AS finished_at,
            CASE WHEN r.parent IS NULL THEN r.source_inputs_json ELSE (
                SELECT json_object(x.node_label, json(x.input_json)) FROM node_executions x
                WHERE x.run_id = r.run_id AND x.is_source AND x.input_json IS NOT NULL ORDER BY x.attempt DESC LIMIT 1) END AS source_inputs_json,
            (SELECT CASE WHEN count(*) = 0 THEN NULL ELSE json_group_object(x.node_label, json(x.output_json)) END FROM node_executions x
                WHERE x.run_id = r.run_id AND x.is_sink AND x.status IN ('completed', 'skipped')) AS sink_outputs_json,
            r.replayed_from AS replayed_from, r.failed_node AS failed_node, r.error AS error
        FROM run r LEFT JOIN run p ON p.id = r.parent
        WHERE NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id));
        """;
}

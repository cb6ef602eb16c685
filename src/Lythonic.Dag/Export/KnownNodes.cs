using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Export;

/// <summary>
/// Finds the code of the nodes of a stored run in the DAGs of this session. A store keeps only the fingerprint of a node's code. If a node
/// of this session has the same fingerprint, it has the same code.
/// </summary>
internal sealed class KnownNodes
{
    private readonly Dictionary<string, List<DagNode>> _byFingerprint = new(StringComparer.Ordinal);

    /// <summary>Reads DAGs. If a DAG cannot be wired without its source input, its code is not known.</summary>
    /// <param name="dags">The DAGs, the newest first. It takes precedence.</param>
    public KnownNodes(IReadOnlyList<Dag> dags)
    {
        Description = dags is [var newest, ..] ? newest.Description : null;
        foreach (var dag in dags)
        {
            try
            {
                Add(DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(0), new ClrValueConverter()));
            }
            catch (DagException)
            {
                // The picture then shows everything except the code.
            }
        }
    }

    /// <summary>The description of the newest DAG, or <see langword="null"/>.</summary>
    public string? Description { get; }

    /// <summary>A node for each fingerprint whose code is known.</summary>
    public IEnumerable<(string Fingerprint, DagNode Node)> ByFingerprint => _byFingerprint.Select(entry => (entry.Key, entry.Value[0]));

    /// <summary>Adds to a node of a picture what is known of it.</summary>
    /// <param name="picture">The node.</param>
    /// <param name="fingerprint">Its fingerprint.</param>
    public PictureNode Describe(PictureNode picture, string fingerprint)
    {
        // Nodes with the same code and settings may have different conditions, which are not part of the fingerprint.
        var same = _byFingerprint.GetValueOrDefault(fingerprint);
        var node = same?.Find(other => other.Label.Equals(picture.Label, StringComparison.OrdinalIgnoreCase));
        if ((node ?? same?[0]) is { } code)
            picture = picture with { Description = DagPicture.DescriptionOf(code), Code = DagPicture.CodeOf(code) };
        return node is null ? picture : picture with { When = node.Settings.When, IsConditional = node.Settings.If is not null };
    }

    private void Add(CompiledDag dag)
    {
        foreach (var (node, definition) in dag.Nodes.Zip(dag.Definition.Nodes))
        {
            if (!_byFingerprint.TryGetValue(definition.Fingerprint, out var nodes))
                _byFingerprint[definition.Fingerprint] = nodes = [];
            nodes.Add(node.Declaration);
            foreach (var inner in node.SubDags?.All ?? [])
                Add(inner);
        }
    }
}

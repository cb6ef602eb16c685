using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Export;

/// <summary>
/// What DAGs of this session say of the nodes of a stored run. A store keeps only the fingerprint of a node's code; if a node of this
/// session has the same fingerprint, we know the code.
/// </summary>
internal sealed class KnownNodes
{
    private readonly Dictionary<string, List<DagNode>> _byFingerprint = new(StringComparer.Ordinal);

    /// <summary>Looks at DAGs; of one that cannot be wired without its source input, no code is known.</summary>
    /// <param name="dags">The DAGs, the newest first: what several say is said by that.</param>
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
                // The picture then shows everything but the code.
            }
        }
    }

    /// <summary>The description of the newest DAG, or <see langword="null"/>.</summary>
    public string? Description { get; }

    /// <summary>A node of each fingerprint whose code is known.</summary>
    public IEnumerable<(string Fingerprint, DagNode Node)> ByFingerprint => _byFingerprint.Select(entry => (entry.Key, entry.Value[0]));

    /// <summary>Adds to a node what is known of it.</summary>
    /// <param name="picture">The node.</param>
    /// <param name="fingerprint">Its fingerprint.</param>
    public PictureNode Describe(PictureNode picture, string fingerprint)
    {
        // Nodes of the same code and settings may have other conditions: these are no part of the fingerprint.
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

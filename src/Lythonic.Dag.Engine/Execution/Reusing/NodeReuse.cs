using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Finds candidates for a node's output, or for those of a map's elements, and makes the records of new candidates.</summary>
/// <param name="code">What is run.</param>
/// <param name="codeKey">The key of that.</param>
internal sealed class NodeReuse(ReuseParts code, string codeKey)
{
    private const int SmallForm = 512;

    private int _hasTold;
    private int _hasLooked;

    /// <summary>What is run, part by part.</summary>
    public IReadOnlyList<ReusePart> Code => code.Parts;

    /// <summary>Why nothing can be compared; or <see langword="null"/>.</summary>
    public string? Obstacle => code.Obstacle;

    /// <summary>The record that a node run with some inputs would keep; <see langword="null"/> if it cannot be compared.</summary>
    /// <param name="session">The session.</param>
    /// <param name="inputs">What it is given.</param>
    /// <param name="host">The host that the output depends on; or <see langword="null"/>.</param>
    /// <param name="obstacle">Why not.</param>
    public ReuseRecord? Compare(RunSession session, IReadOnlyList<NodeInput> inputs, string? host, out string? obstacle)
    {
        obstacle = code.Obstacle;
        if (obstacle is not null)
            return null;
        var given = new ReuseParts();
        if (host is not null)
            given.AddText("the host", host);
        var place = 0;
        for (var index = 0; index < inputs.Count; index++)
        {
            place = index > 0 && inputs[index - 1].Name == inputs[index].Name ? place + 1 : 0;
            given.AddForm(NameOf(inputs[index], place), BytesOf(session, inputs[index].Value));
        }

        obstacle = given.Obstacle;
        return obstacle is null ? new(given.Key(codeKey), codeKey, code.Parts, given.Parts, default) : null;
    }

    /// <summary>The record that the sub-run of an element would keep: only its key, because there may be very many.</summary>
    /// <param name="session">The session.</param>
    /// <param name="element">The element.</param>
    /// <param name="host">The host that the output depends on; or <see langword="null"/>.</param>
    /// <param name="obstacle">Why it cannot be compared.</param>
    public ReuseRecord? CompareElement(RunSession session, EncodedValue element, string? host, out string? obstacle)
    {
        obstacle = code.Obstacle;
        if (obstacle is not null)
            return null;
        var form = ComparableForm.Read(BytesOf(session, element));
        if (form.Obstacle is null && form.Paths.Count == 0 && form.Text.Length <= SmallForm)
            return new(KeyOf(form.Text, host), codeKey, [], [], default);
        return Compare(session, [new NodeInput(InputReader.PipelineName, element)], host, out obstacle) is { } record
            ? record with { Code = [], Inputs = [] }
            : null;
    }

    /// <summary>
    /// The record that a map itself keeps, for people who ask what has changed since: its code. No search uses its key.
    /// </summary>
    /// <param name="endedAt">When the map ended.</param>
    public ReuseRecord OfElements(DateTimeOffset endedAt) => new(codeKey, codeKey, code.Parts, [], endedAt);

    private string KeyOf(ReadOnlySequence<byte> form, string? host)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var prefix = host is null ? codeKey : $"{codeKey}\n{host}";
        Span<byte> text = stackalloc byte[SmallForm + Encoding.UTF8.GetMaxByteCount(prefix.Length) + 1];
        var length = Encoding.UTF8.GetBytes(prefix, text);
        text[length++] = (byte)'\n';
        form.CopyTo(text[length..]);
        SHA256.HashData(text[..(length + (int)form.Length)], hash);
        return Convert.ToHexString(hash[..ReuseParts.HashLength]);
    }

    /// <summary>The newest candidate, unless the run has to run everything or the candidate's code ran too long ago.</summary>
    public static StoredReuse? Find(RunExecution run, CompiledNode node, ReuseRecord wanted)
    {
        if (run.MustRun(node))
            return null;
        DateTimeOffset? since = node.Settings.ReuseFor is { } span ? Before(run.Session.Now(), span) : null;
        var store = run.Session.Provenance;
        var found = node.HasElements ? store.FindElementReuse(wanted.Key, since) : store.FindReuse(wanted.Key, since);
        run.Session.Reuse.For(run.Dag, node).TellOfOtherCode(run, node, isFound: found is not null);
        return found;
    }

    // People expect that a line that they run again reuses what it can, and may not know that a change of its code prevents that. The first
    // lookup decides: if it finds something, the code is not what keeps others from being found.
    private void TellOfOtherCode(RunExecution run, CompiledNode node, bool isFound)
    {
        if (Volatile.Read(ref _hasLooked) != 0 || Interlocked.Exchange(ref _hasLooked, 1) != 0)
            return;
        if (!isFound && run == run.Session.Root && run.Session.Observer is not null && !FedDag.IsUnnamed(run.Dag)
            && run.Session.Provenance.FindOtherCode(run.Path, node.Label, codeKey) is { } other
            && ReuseChanges.Between(other.Parts, code.Parts) is { } changes)
            run.Inform($"'{node.Label}' reuses nothing of the run {GoingOn.Named(other.RunId, other.StartedAt)}: {changes} since.");
    }

    /// <summary>The record that a reused node run keeps.</summary>
    public static ReuseRecord Again(ReuseRecord wanted, StoredReuse found) =>
        wanted with { RanAt = found.RanAt, RanIn = found.RanIn, Of = found.Key };

    /// <summary>Reports once why a node is not reused.</summary>
    public void Tell(RunExecution run, CompiledNode node, string obstacle)
    {
        if (Interlocked.Exchange(ref _hasTold, 1) == 0)
            run.Say(node, "verbose", $"The node '{node.Label}' cannot be reused: it {obstacle}.");
    }

    /// <summary>Why an output cannot be reused; <see langword="null"/> if it can.</summary>
    /// <param name="session">Reads it, if only the store has it.</param>
    /// <param name="output">The output.</param>
    /// <param name="errors">The errors that the node wrote beside its output.</param>
    /// <param name="wasStored">Whether it may have been made before a restart, so that nothing but its text is known.</param>
    public static string? WhyNotKept(RunSession session, EncodedValue output, ErrorCounts errors, bool wasStored = false)
    {
        if (errors.All > 0)
            return "ended beside errors";
        if (output.Facts.Secret is not null)
            return "gives a secret";
        if (!output.Facts.IsFaithful || output.Facts.IsPartial)
            return "gives a live object, of which a store keeps no more than its properties";
        return wasStored && ComparableForm.Read(BytesOf(session, output)).Obstacle is { } obstacle ? $"gives {obstacle}" : null;
    }

    private static string NameOf(NodeInput input, int place)
    {
        var name = input.Name == InputReader.PipelineName ? "the input" : $"the input '{input.Name}'";
        return input.IsElement ? $"{name}[{place}]" : place > 0 ? $"{name} ({place})" : name;
    }

    private static DateTimeOffset Before(DateTimeOffset now, TimeSpan span) =>
        span >= now - DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now - span;

    private static ReadOnlySequence<byte> BytesOf(RunSession session, EncodedValue value)
    {
        if (value.Text is { } text)
            return text.Bytes;
        if (value.Json is { } json)
            return new(Encoding.UTF8.GetBytes(json));
        if (value.Elements is not { } elements)
            return new(session.Provenance.GetUtf8(value));
        var all = new ArrayBufferWriter<byte>();
        all.Write("["u8);
        for (var index = 0; index < elements.Count; index++)
        {
            if (index > 0)
                all.Write(","u8);
            foreach (var piece in BytesOf(session, elements[index]))
                all.Write(piece.Span);
        }

        all.Write("]"u8);
        return new(all.WrittenMemory);
    }
}

using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Transport;

/// <summary>
/// Calls that are sent together and run one after the other. Records and answers come back in the order in which the far end wrote them:
/// records before an answer belong to the call that it answers.
/// </summary>
internal sealed class CallsTogether
{
    /// <summary>How many characters of values are sent together at most. More would delay the first answer.</summary>
    private const int MostText = 1 << 20;

    private readonly CallWriter _writer;
    private readonly IReadOnlyList<RemoteCall> _calls;
    private readonly TogetherListener _listener;
    private volatile int _current;
    private volatile bool _isOver;

    /// <summary>Writes calls.</summary>
    /// <exception cref="ValueNotStorableException">A value of the first call cannot travel.</exception>
    public CallsTogether(CallWriter writer, IReadOnlyList<RemoteCall> calls, TogetherListener listener)
    {
        (_writer, _calls, _listener) = (writer, calls, listener);
        writer.Forget();
        var parcels = new List<object?[]>(calls.Count);
        var length = 0;
        try
        {
            for (var index = 0; index < calls.Count && length < MostText; index++)
            {
                parcels.Add(writer.Write(calls[index], index == 0 ? null : calls[index - 1]));
                length += LengthOf(parcels[^1]);
            }
        }
        catch (ValueNotStorableException) when (parcels.Count > 0)
        {
            // Send only the calls before this one. It comes again as the first of the next calls, and then the error is reported.
        }

        Parcels = [.. parcels];
    }

    /// <summary>The calls as they are sent: the first of them, at least one.</summary>
    public object?[][] Parcels { get; }

    /// <summary>Takes a record of a stream.</summary>
    public void OnRecord(object record)
    {
        if (_current < _calls.Count)
            _calls[_current].OnRecord?.Invoke(record);
    }

    /// <summary>Reads the answer of a completed call, or the answer that ends all calls.</summary>
    /// <returns>Whether the output is one of them.</returns>
    public bool TryRead(PSObject item)
    {
        if (CallWriter.IsOver(item))
            return _isOver = true;
        if (_writer.ReadCompleted(item) is not { } result || _current >= Parcels.Length)
            return false;
        _writer.Sent(_calls[_current]);
        _current++;
        _listener.Completed(result, result.IsFollowed && _current < Parcels.Length);
        return true;
    }

    /// <summary>Notes that no more of them begin, while one of them is still under way.</summary>
    /// <param name="begun">How many have begun.</param>
    public void NoteCut(int begun) => _listener.Over(begun);

    /// <summary>How the calls ended: completed if all that began completed.</summary>
    public RemoteResult Read(PipelineEnd end)
    {
        var result = _writer.Read(end);
        if (result.IsAnswered)
            _writer.Sent(_calls[_current]);
        // There was no other answer and no error, so the code ended the runspace.
        return result.Kind == RemoteOutcomeKind.Ended && _isOver
            ? new RemoteResult(RemoteOutcomeKind.Completed)
            : result;
    }

    private static int LengthOf(object?[] parcel) => parcel.Sum(part => (part as string)?.Length ?? 0);
}

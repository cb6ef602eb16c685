namespace Lythonic.Dag.Execution;

/// <summary>
/// Whose turn it is among calls that were sent together and run one after the other. News of them may come late, or not at all.
/// </summary>
/// <typeparam name="T">What stands for a call.</typeparam>
/// <param name="begins">Called when the turn of a call comes, one after the other. It does not throw.</param>
internal sealed class CallsInTurn<T>(Action<T> begins)
    where T : class
{
    private readonly List<T> _calls = [];
    private int _current;
    private bool _isUnderWay;
    private bool _isClosed;

    /// <summary>The turn of the first call comes.</summary>
    /// <param name="calls">The calls in their order, at least one.</param>
    public void Begin(IReadOnlyList<T> calls)
    {
        lock (_calls)
        {
            _calls.AddRange(calls);
            Begin(0);
        }
    }

    /// <summary>The call that is under way completed.</summary>
    /// <param name="isFollowed">Whether the turn of the next one comes with that.</param>
    /// <returns>The call; <see langword="null"/> if the news came too late.</returns>
    public T? Complete(bool isFollowed)
    {
        lock (_calls)
        {
            if (_isClosed || !_isUnderWay)
                return null;
            var completed = _calls[_current];
            if (isFollowed && _current + 1 < _calls.Count)
                Begin(_current + 1);
            else
                (_current, _isUnderWay) = (_current + 1, false);
            return completed;
        }
    }

    /// <summary>No more of them begin, although one is still under way: those behind it are none of these calls any more.</summary>
    /// <param name="begun">How many began, of which some may be heard of later.</param>
    /// <returns>The last one that began, and those behind it, if there are any.</returns>
    public (T Last, IReadOnlyList<T> Behind)? Cut(int begun)
    {
        lock (_calls)
        {
            if (_isClosed || begun <= _current || begun >= _calls.Count)
                return null;
            var behind = _calls[begun..];
            _calls.RemoveRange(begun, behind.Count);
            return (_calls[^1], behind);
        }
    }

    /// <summary>Nothing that comes from now on counts.</summary>
    /// <returns>The call that was under way, if there was one, and those whose turn did not come.</returns>
    public (T? UnderWay, IReadOnlyList<T> Behind) Close()
    {
        lock (_calls)
        {
            _isClosed = true;
            return (_isUnderWay ? _calls[_current] : null, _calls[(_isUnderWay ? _current + 1 : _current)..]);
        }
    }

    private void Begin(int place)
    {
        (_current, _isUnderWay) = (place, true);
        begins(_calls[place]);
    }
}

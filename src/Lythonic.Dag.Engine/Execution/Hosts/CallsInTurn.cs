namespace Lythonic.Dag.Execution;

/// <summary>
/// Keeps track of whose turn it is among calls that were sent together and run one after the other. News of a call may come late, or not at
/// all.
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
    /// <param name="isFollowed">Whether the next call has its turn now.</param>
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

    /// <summary>No more calls begin, although one is still under way. The calls behind it are removed.</summary>
    /// <param name="begun">How many calls began. News of some of them may still be on its way.</param>
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

    /// <summary>Ends the turns: news that comes from now on is ignored.</summary>
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

using System.Text;

namespace Lythonic.Dag.Transport;

/// <summary>
/// Keeps the beginning and the end of a text that may be long: a crash tells its cause first, and ssh tells it last. Thread-safe.
/// </summary>
/// <param name="limit">How many characters of the end are kept.</param>
internal sealed class KeptText(int limit)
{
    private const int Beginning = 500;

    private readonly StringBuilder _text = new();
    private string? _beginning;

    /// <summary>Adds text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        lock (_text)
        {
            _text.Append(text);
            // Cut only at twice the limit, so that one move serves many additions.
            if (_text.Length > 2 * limit)
                Cut(_text.Length - limit);
        }
    }

    // Called inside the lock.
    private void Cut(int length)
    {
        _beginning ??= _text.ToString(0, Math.Min(Beginning, length));
        _text.Remove(0, length);
    }

    /// <summary>The text; if some of it is missing, whole lines of its beginning and its end.</summary>
    public override string ToString()
    {
        lock (_text)
        {
            if (_text.Length > limit)
                Cut(_text.Length - limit);
            var text = _text.ToString();
            if (_beginning is { } beginning)
            {
                var end = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
                text = $"{beginning[..(beginning.LastIndexOf('\n') + 1)]}…\n{end}";
            }

            return text.Replace("\r", "", StringComparison.Ordinal).Trim();
        }
    }
}

using System.Text;

namespace Lythonic.Dag.Transport;

/// <summary>Keeps the end of a text that may be long. Thread-safe.</summary>
/// <param name="limit">How many characters are kept.</param>
internal sealed class TailText(int limit)
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        lock (_text)
        {
            _text.Append(text);
            // Twice the limit is let in before it is cut: one move for many additions.
            if (_text.Length > 2 * limit)
                _text.Remove(0, _text.Length - limit);
        }
    }

    /// <summary>The end of the text, from the beginning of a line where some of it is missing.</summary>
    public override string ToString()
    {
        lock (_text)
        {
            var text = _text.ToString();
            if (text.Length > limit)
            {
                text = text[^limit..];
                text = "…" + text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
            }

            return text.Replace("\r", "", StringComparison.Ordinal).Trim();
        }
    }
}

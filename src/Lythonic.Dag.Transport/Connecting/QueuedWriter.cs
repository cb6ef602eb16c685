using System.Collections.Concurrent;
using System.Text;

namespace Lythonic.Dag.Transport;

/// <summary>
/// Writes lines to a program's standard input on a thread of its own. PowerShell writes under locks, and on threads where nothing catches
/// exceptions. Here it never waits for a program that does not read, and never gets the error of a broken pipe.
/// </summary>
internal sealed class QueuedWriter : TextWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    [ThreadStatic]
    private static bool _refuses;

    private readonly BlockingCollection<string> _lines = [];

    /// <inheritdoc/>
    public override Encoding Encoding => Utf8;

    /// <summary>Begins to write to a stream.</summary>
    /// <param name="target">The program's standard input.</param>
    public void Begin(Stream target) => OwnThread.Start("Lythonic.Dag host writer", () => Copy(target));

    /// <summary>Stops writing.</summary>
    public void End()
    {
        try
        {
            _lines.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            // Another caller has ended it.
        }
    }

    /// <summary>
    /// Runs an action whose lines are refused on this thread, as if the program were gone, so that the caller waits for no answer.
    /// </summary>
    public static void Refusing(Action action)
    {
        _refuses = true;
        try
        {
            action();
        }
        finally
        {
            _refuses = false;
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        if (_refuses)
            throw new IOException("The program is gone.");
        try
        {
            _lines.Add(value ?? "");
        }
        catch (InvalidOperationException)
        {
            // The program is gone; those who wait for it are told elsewhere.
        }
    }

    /// <inheritdoc/>
    public override void Write(char value)
    {
        // The protocol consists of lines.
    }

    private void Copy(Stream target)
    {
        try
        {
            foreach (var line in _lines.GetConsumingEnumerable())
            {
                target.Write(Utf8.GetBytes(line + "\n"));
                if (_lines.Count == 0)
                    target.Flush();
            }

            target.Dispose();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            End();
        }
    }
}

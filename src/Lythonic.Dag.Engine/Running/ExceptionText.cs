namespace Lythonic.Dag;

/// <summary>
/// Reads the texts of an exception. An exception class of a user may throw when its text is read; the result then names its type.
/// </summary>
internal static class ExceptionText
{
    /// <summary>The message of an exception.</summary>
    /// <param name="exception">The exception.</param>
    public static string MessageOf(Exception exception) => Read(exception, static exception => exception.Message);

    /// <summary>The full text of an exception: type, message and stack.</summary>
    /// <param name="exception">The exception.</param>
    public static string DetailOf(Exception exception) => Read(exception, static exception => exception.ToString());

    private static string Read(Exception exception, Func<Exception, string?> read)
    {
        string? fault;
        try
        {
            if (read(exception) is { } text)
                return text;
            fault = "nothing";
        }
        catch (Exception error)
        {
            fault = error.GetType().ToString();
        }

        return $"An exception of type {exception.GetType()}, whose text cannot be read: reading it gave {fault}.";
    }
}

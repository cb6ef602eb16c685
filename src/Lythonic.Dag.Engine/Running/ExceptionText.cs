namespace Lythonic.Dag;

/// <summary>
/// What an exception says of itself. Its class may be anybody's, and may throw where it is asked: then its type says what it is.
/// </summary>
internal static class ExceptionText
{
    /// <summary>The message.</summary>
    /// <param name="exception">The exception.</param>
    public static string MessageOf(Exception exception) => Ask(exception, static asked => asked.Message);

    /// <summary>The whole text: type, message and stack.</summary>
    /// <param name="exception">The exception.</param>
    public static string DetailOf(Exception exception) => Ask(exception, static asked => asked.ToString());

    private static string Ask(Exception exception, Func<Exception, string?> question)
    {
        string? fault;
        try
        {
            if (question(exception) is { } answer)
                return answer;
            fault = "nothing";
        }
        catch (Exception error)
        {
            fault = error.GetType().ToString();
        }

        return $"An exception of type {exception.GetType()}, which says nothing of itself: its text gave {fault}.";
    }
}

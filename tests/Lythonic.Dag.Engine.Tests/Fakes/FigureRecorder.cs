using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Records the metrics that the engine reports for one DAG.</summary>
internal sealed class FigureRecorder : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, string Said)> _figures = new();
    private readonly string _dag;
    private readonly MeterListener _listener;

    public FigureRecorder(string dag)
    {
        _dag = dag;
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Lythonic.Dag")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The measured values by their tags, without the DAG: <c>status</c>, or <c>label status</c>.</summary>
    public List<(double Value, string Said)> Of(string name) =>
        [.. _figures.Where(figure => figure.Name == name).Select(figure => (figure.Value, figure.Said))];

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var said = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
        if (said.Remove("lythonic.dag.name", out var dag) && dag == _dag)
            _figures.Enqueue((instrument.Name, value, string.Join(' ', said.Values)));
    }
}

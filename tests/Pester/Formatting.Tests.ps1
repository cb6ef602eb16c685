BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    $long = 'a-label-that-goes-on-for-longer-than-any-column-would-like'
    $page = New-Dag page { Add-DagNode get { param($x) if ($x -eq 2) { throw "two lines`nof an error that is quite long, and then some more of it to be sure" }; $x } }
    $dag = New-Dag "dag-$long" -Description 'A description that says in many words, and then in some more of them, what it is for' {
        Add-DagNode $long { 1, 2 }
        Add-DagNode each -Map $page -After $long
        Add-DagNode last { 1 } -After each
    }
    $db = New-DatabasePath
    $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue -Tag nightly
    $unsound = New-Dag unsound { Add-DagNode $long { param([Parameter(Mandatory)]$x, [Parameter(Mandatory)]$y) 1 } ; Add-DagNode b { param([Parameter(Mandatory)]$one, [Parameter(Mandatory)]$two) 1 } -After $long }
    $things = @{
        'DAG'      = $dag
        'node'     = $dag.Nodes
        'run'      = Get-DagRun -DatabasePath $db -IncludeChild
        'node run' = $run.Nodes
        'problem'  = $unsound | Test-Dag
    }
    # What a table says over several lines, as one text.
    function Said($Thing, [int]$Width = 100) { (Shown $Thing $Width) -join ' ' -replace '\s+', ' ' }
    function Shown($Thing, [int]$Width = 100) { ($Thing | Out-String -Width $Width) -split '\r?\n' -replace '\e\[[0-9;]*m' }
}

AfterAll { Restore-TestSession }

Describe 'The views' {
    It 'counts failed elements in the status of a failed run only if one of them is the cause' {
        $other = New-Dag other { Add-DagNode list { 1..4 }; Add-DagNode each -After list -AllowFailure 2 -Map { param($x) if ($x -lt 3) { throw "no $x" }; $x }; Add-DagNode report -After each { throw 'no template' } }
        $run = $other | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        ($run | Out-String -Stream) -match 'failed, ' | Should -BeNullOrEmpty
        ($run | Out-String -Stream) -match ' failed .*report: no template' | Should -HaveCount 1
        ($run.Nodes | Out-String -Stream) -match 'each .*completed, 2 of 4' | Should -HaveCount 1
        $run = New-Dag own { Add-DagNode list { 1..4 }; Add-DagNode each -After list -Map { param($x) if ($x -lt 3) { throw "no $x" }; $x } } |
            Invoke-Dag -NoProvenance -ContinueOnFailure -ErrorAction SilentlyContinue
        ($run | Out-String -Stream) -match 'failed, 2 of 4' | Should -HaveCount 1
    }

    It 'of a DAG counts the problems that Test-Dag finds' {
        $doubtful = New-Dag doubtful { Add-DagNode a { $nowhere + $nothing } ; Add-DagNode b { Get-Date } -After a -Reuse }
        $found = @($doubtful | Test-Dag)
        $found.Severity | Sort-Object -Unique | Should -Be Warning
        Shown ($doubtful | Format-List) | Should -Contain "Problems    : $($found.Count) warnings"
        Shown ($unsound | Format-List) | Should -Contain 'Problems    : 1 error'
        Shown (New-Dag sound { Add-DagNode a { 1 } } | Format-List) | Should -Contain 'Problems    : 0'
    }

    It 'a <Name> fits 80 columns as a table, and is a list with -Format-List' -ForEach @(
        @{ Name = 'DAG'; Columns = 'Name', 'Nodes', 'Edges', 'Description' }
        @{ Name = 'node'; Columns = 'Label', 'Kind', 'OutputType', 'Runs' }
        @{ Name = 'run'; Columns = 'RunId', 'DagName', 'Status', 'Duration', 'Started', 'Details' }
        @{ Name = 'node run'; Columns = 'Label', 'Kind', 'Status', 'Try', 'Duration', 'Details' }
        @{ Name = 'problem'; Columns = 'Severity', 'ErrorId', 'Node', 'Message' }
    ) {
        $things[$Name] | Should -Not -BeNullOrEmpty
        $table = Shown ($things[$Name] | Format-Table) 80
        ($table | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        ($table | Where-Object { $_ })[0].Trim() -split '\s+' | Should -Be $Columns
        Shown ($things[$Name] | Format-List) | Where-Object { $_ -match '^\w+\s+: ' } | Should -Not -BeNullOrEmpty
    }

    It 'have each duration in the same form, and scripts read time spans' {
        $dag = New-Dag spans { Add-DagNode a { param($ms) [timespan]::FromMilliseconds($ms) } -RetryCount 1 -RetryDelay 1.5 -Timeout 90 -Parameter @{ ms = [timespan]'00:02:05' } }
        $list = Shown ($dag.Nodes['a'] | Format-List)
        $list | Should -Contain 'RetryDelay    : 1.5 s'
        $list | Should -Contain 'Timeout       : 1 min 30 s'
        $list | Should -Contain 'Parameter     : ms = 2 min 5 s'
        $dag.Nodes['a'].Settings.Timeout | Should -BeOfType timespan

        $run = New-Dag spans { Add-DagNode a { $all = [Collections.Generic.Dictionary[string, object]]::new(); $all['b'] = [timespan]'00:02:05'; $all } } | Invoke-Dag -DatabasePath $db
        Shown ($run.Nodes['a'] | Format-List) | Should -Contain 'Output     : b = 2 min 5 s'

        $dag = New-Dag spans { Add-DagNode a { param($ms) [timespan]::FromMilliseconds($ms) } }
        $runs = 1500, 65000, 65000.5 | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ ms = $_ } -DatabasePath $db }
        $found = Compare-DagRun $runs[0] $runs[1] -DatabasePath $db | Where-Object Change -EQ Output
        "$found" | Should -Be 'a Output $: 1.5 s → 1 min 5 s'
        $list = Shown ($found | Format-List)
        $list | Should -Contain 'Reference     : 1.5 s'
        $list | Should -Contain 'Difference    : 1 min 5 s'
        $found.Reference | Should -BeOfType timespan
        $found = Compare-DagRun $runs[1] $runs[2] -DatabasePath $db | Where-Object Change -EQ Output
        "$found" | Should -Be 'a Output $: 00:01:05 → 00:01:05.0005000' -Because 'what differs is always said'
    }

    It 'a DAG shows itself as a tree of its nodes' {
        $tree = Shown (New-Dag d { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a })
        ($tree | Where-Object { $_ }) | Should -Be 'd', '├─ a (scriptblock)', '└─ b (scriptblock) ← a'
    }

    It 'a run says at 80 columns which element failed and why, and of a sub-run its key' {
        $short = New-Dag short { Add-DagNode list { 1, 2 }; Add-DagNode parse -After list -Map { if ($_ -eq 2) { throw "line $_ has no date" }; $_ } } |
            Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        Shown $short 80 | Where-Object { $_ -match 'failed' } | Should -Match '^\w{8} short +failed +[\d.]+ (\w|µ)+ \d\d:\d\d +parse\[1\]: line 2 has no date'
        Shown $short.Nodes 80 | Where-Object { $_ -match 'failed' } | Should -Match '^parse +Map +failed .* parse\[1\]: line 2 has' -Because 'an element has one name everywhere'
        Shown $short.Nodes['parse'].ChildRuns 80 | Where-Object { $_ -match 'failed' } | Should -Match ' parse\[1\] .* line 2 has'
    }

    It 'of an element whose key or value is a long path, the end is shown, where its file is' {
        $folder = '/srv/data/archive/customers/2026/november/incoming/batch-7'
        $keyed = New-Dag keyed -Variable @{ folder = $folder } {
            Add-DagNode files { [OutputType([hashtable])] param() @{ "$folder/part-1.csv" = 1; "$folder/part-2.csv" = 2 } }
            Add-DagNode parse -After files -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'line 7 has no date' }; $_ }
        }
        $run = $keyed | Invoke-Dag -DatabasePath $db -WarningAction Ignore
        Said $run.Nodes['parse'].ChildRuns 80 | Should -Match '….*2\.csv\] failed .*line 7 has no date'
        foreach ($thing in $run, $run.Nodes) {
            # Words of other columns stand between the lines of the last one.
            Said $thing 80 | Should -Match 'parse\[…/.*part-2\.csv\]: line 7 has'
        }
        $written = "$folder/part-2.csv" | Invoke-DagMap { throw 'line 7 has no date' } -DatabasePath $db -ErrorVariable failed -ErrorAction SilentlyContinue
        $written | Should -BeNullOrEmpty
        "$failed" | Should -Be 'each[0]: line 7 has no date (value …/customers/2026/november/incoming/batch-7/part-2.csv)'
    }

    It 'a map or a call in which a node paused the run says which and why' {
        $each = New-Dag each { Add-DagNode get { param($x) $x }; Add-DagNode ask -After get { if ($_ -eq 2) { $DagContext.Pause('ask finance') }; $_ } }
        $inner = New-Dag inner { Add-DagNode list { param($x) $x }; Add-DagNode deep -After list -Map $each }
        $run = New-Dag outer { Add-DagNode a { [OutputType([int[]])] param() 1, 2 }; Add-DagNode call -After a -Call $inner } |
            Invoke-Dag -DatabasePath $db -WarningAction Ignore
        $run.Nodes['call'].Error | Should -Be 'call/deep[1]/ask: ask finance'
        $page = $run | Export-Dag -As Html
        $page | Should -Match 'paused: call/deep\[1\]/ask: ask finance'
        $one = New-Dag one { Add-DagNode a { 1, 2 }; Add-DagNode flat -After a -Map { if ($_ -eq 1) { $DagContext.Pause('ask her') }; $_ } } | Invoke-Dag -DatabasePath $db -WarningAction Ignore
        $one.Nodes['flat'].Error | Should -Be 'flat[0]: ask her'
        Said $one.Nodes 80 | Should -Match 'note: flat\[0\]: ask her'
    }

    It 'a run with errors that was replayed says so first, and as which run' {
        $dag = New-Dag replayed { Add-DagNode a { 1, 2 }; Add-DagNode m -After a -AllowFailure 1 -Map { if ($_ -eq 2 -and -not $env:MENDED) { throw 'no' }; $_ } }
        $run = $dag | Invoke-Dag -DatabasePath $db -WarningAction Ignore
        Said $run 80 | Should -Not -Match 'replayed as'
        $once = $run | Invoke-DagReplay -FailedOnly -WarningAction Ignore
        $env:MENDED = 'yes'
        $again = $run | Invoke-DagReplay -FailedOnly
        Remove-Item env:MENDED
        Said (Get-DagRun $run) 120 | Should -Match "replayed as (failed )?$($again.RunId.Substring(0, 8)); m\[1\]: no"
        Said (Get-DagRun -DatabasePath $db | Where-Object RunId -EQ $run.RunId) 120 | Should -Match "replayed as (failed )?$($again.RunId.Substring(0, 8))"
        Said (Get-DagRun $once) 120 | Should -Not -Match 'replayed as'
        Said (Get-DagRun $again) 120 | Should -Not -Match 'replayed as'
    }

    It 'a paused run that was replayed says as which run instead of how to go on' {
        $run = New-Dag asks { Add-DagNode a { Write-Error early; 1 }; Add-DagNode b -After a { if (-not $env:MENDED) { $DagContext.Pause('ask finance') } } } |
            Invoke-Dag -DatabasePath $db -ErrorAction Ignore -WarningAction Ignore
        Said $run 80 | Should -Match 'Next says how to go on'
        $env:MENDED = 'yes'
        $again = $run | Invoke-DagReplay -Node a -IncludeDownstream -ErrorAction Ignore
        Remove-Item env:MENDED
        Said (Get-DagRun $run) 80 | Should -Match "replayed as .*$($again.RunId.Substring(0, 8)); note:.* ask finance"
        Said (Get-DagRun $run) 80 | Should -Not -Match 'go on'
        (Get-DagRun $run).Next | Should -BeLike 'Restart-DagRun *'
    }

    It 'a map without elements says so' {
        $run = New-Dag none { Add-DagNode a { [OutputType([int[]])] param() }; Add-DagNode m -After a -Map { $_ } } | Invoke-Dag -DatabasePath $db
        Said $run.Nodes 80 | Should -Match 'm Map completed 1 .* note: no elements'
    }

    It 'a run that failed or paused says how many elements failed' {
        $map = { if ($_ -le 2) { throw "no $_." }; if ($_ -eq 3) { $DagContext.Pause('ask') }; $_ }
        $failed = New-Dag failing { Add-DagNode list { 1..4 }; Add-DagNode parse -After list -Map $map -ThrottleLimit 1 } |
            Invoke-Dag -DatabasePath $db -ErrorAction Ignore -ContinueOnFailure -Override @{ list = { 1, 2, 4 } }
        $paused = New-Dag pausing { Add-DagNode list { 1..4 }; Add-DagNode parse -After list -Map $map -ThrottleLimit 1 -AllowFailure 50% } |
            Invoke-Dag -DatabasePath $db
        foreach ($case in @($failed, 'failed, 2 of 3'), @($paused, 'paused, 2 of 4 failed')) {
            $case[0].ErrorCount, $case[0].Nodes['parse'].ErrorCount | Should -Be 2, 2
            Shown ($case[0] | Format-List) | Should -Contain "Status       : $($case[1])"
            Shown ($case[0].Nodes['parse'] | Format-List) | Should -Contain "Status     : $($case[1])"
            $page = $case[0] | Export-Dag -As Html
            $page | Should -Match ">$($case[1]), after "
            [regex]::Matches($page, '<span class="error">[^<]*no 1') | Should -HaveCount 1 -Because 'the time line says each error once'
        }
        $failed.Error | Should -Match ([regex]::Escape("parse[0]: no 1 (value 1); 2 of 3 elements failed"))
    }

    It 'the copy of a run that came from another process looks like the run' {
        $failed = New-Dag copied { Add-DagNode a { Write-Error soft; 1 }; Add-DagNode b -After a { throw 'no way' } } |
            Invoke-Dag -DatabasePath $db -ErrorAction Ignore 2>$null
        $failed | Export-Clixml (Join-Path $TestDrive copy.xml)
        $copy = Import-Clixml (Join-Path $TestDrive copy.xml)
        Shown $copy | Should -Be (Shown $failed)
        Shown $copy.Nodes | Should -Be (Shown $failed.Nodes)
        Shown ($copy | Format-List) | Where-Object { $_ -match '^(Status|Duration|StartedAt|FinishedAt) ' } |
            Should -Be (Shown ($failed | Format-List) | Where-Object { $_ -match '^(Status|Duration|StartedAt|FinishedAt) ' })
    }

    It 'what a script wrote is on the screen when it fails afterwards, its <_> too' -ForEach 'run', 'node run', 'comparison' {
        $written = @{ run = $run; 'node run' = $run.Nodes; comparison = Compare-DagRun $run.RunId ($dag | Invoke-Dag -DatabasePath $db -ErrorAction Ignore -Override @{ last = { 2 } }).RunId -DatabasePath $db -IncludeEqual }[$_]
        $seen = [Collections.Generic.List[string]]::new()
        try { & { $written; throw 'the script fails' } | Out-String -Stream | ForEach-Object { $seen.Add($_) } } catch { $_.Exception.Message | Should -Be 'the script fails' }
        $seen -match '^(dag-|a-label|\w{8} )' | Should -Not -BeNullOrEmpty
    }

    It 'node runs behind their run have a header of their own, and behind another object runs have their own properties' {
        $new = New-Dag again { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a } | Invoke-Dag -DatabasePath $db | Invoke-DagReplay -Node b
        $text = 'text', $new, $new.Nodes['a'] | Out-String
        $text | Should -Match '\w{8} again [\s\S]*\nTry +Label +Status +Duration +Started +Details\s+--- .*\s+node +a +reused'
        $list = Shown @((Get-Item $db), $new, $new.Nodes['a'])
        foreach ($property in 'Status +: completed', "StartedAt +: ", 'Duration +: ', 'Status +: skipped', "ReusedFrom +: $($new.ReplayedFrom)") {
            $list -match "^$property" | Should -Not -BeNullOrEmpty -Because $property
        }
    }

    It 'a list shows the values of inputs and outputs, and what is a note as one' {
        $paused = New-Dag values { Add-DagNode take { param($Rows, $Size) @{ n = 1 } }; Add-DagNode ask -After take { $DagContext.Pause('asks finance') } } |
            Invoke-Dag @{ take = [ordered]@{ Rows = 'fig', 'plum'; Size = 2 } } -DatabasePath $db -WarningAction Ignore
        $list = Shown ($paused | Format-List)
        $list | Should -Contain 'SourceInput  : take = @{Rows=(fig, plum); Size=2}'
        $list | Should -Contain 'Error        : note: asks finance'
        $take = Shown ($paused.Nodes['take'] | Format-List)
        $take | Should -Contain 'Input      : Rows = fig, plum; Size = 2'
        $take | Should -Contain 'Output     : n = 1'
        $done = New-Dag outputs { Add-DagNode a { '' }; Add-DagNode b { 1..3 } } | Invoke-Dag -DatabasePath $db
        Shown ($done | Format-List) | Should -Contain "Outputs      : a = ''; b = 1, 2, 3"
    }

    It 'problems of a DAG take a line or two each, and say what to do' {
        $lines = @(Shown (New-Dag problems { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 2 } -OutputType int; Add-DagNode c { param([int]$n) $n } -After a, b; Add-DagNode d { param($x) $x * $y } -After a } | Test-Dag)) -ne ''
        $lines | Should -HaveCount 6
        $lines[0] | Should -BeLike 'Error at c: Several outputs fit*'
        $lines[2] | Should -Be '  Say which with Connect-DagNode -Parameter n.'
        $lines[3] | Should -BeLike 'Warning at d: The node ''d'' reads $y*'
    }

    It 'a node that has not started is listed, and a run that can go on says how' {
        $paused = New-Dag asks { Add-DagNode ask { $DagContext.Pause('asks finance') }; Add-DagNode pay { 1 } -After ask } | Invoke-Dag -DatabasePath $db
        Shown $paused.Nodes | Where-Object { $_ -match '^pay ' } | Should -Match 'pending'
        $way = "Restart-DagRun $($paused.RunId.Substring(0, 8))"
        $paused.Next | Should -Be "$way -DatabasePath '$db'"
        Said ($paused | Format-List) | Should -Match "Next : $way -DatabasePath '"
        Said $paused 80 | Should -Match 'asks finance; Next says how to go on' -Because 'the path is too long for a column'
        $before = $env:LYTHONIC_DAG_DB
        try {
            $env:LYTHONIC_DAG_DB = $db
            $paused.Next | Should -Be $way
            Said $paused 80 | Should -Match "asks finance; go on with: $way"
        }
        finally { $env:LYTHONIC_DAG_DB = $before }
        $new = New-Dag ends { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        $new.Next | Should -BeNullOrEmpty
        Shown ($new | Format-List) | Where-Object { $_ -match '^(StartedAt|FinishedAt) .*\(UTC[+-]\d\d:\d\d\)$' } | Should -HaveCount 2
        Shown ($paused | Format-List) | Where-Object { $_ -match '^StartedAt ' } | Should -Match '\(UTC[+-]\d\d:\d\d\)$'
    }

    It 'a run that was stopped says why elements failed until then, and a map how many were tried again' {
        $stopped = New-Dag stopped {
            Add-DagNode list { 'pear', 'fig', 'lime', 'plum' }
            Add-DagNode each -After list -RetryCount 1 -AllowFailure 3 -Map {
                param([string]$name)
                if ($name -eq 'fig') { throw "no price for $name" }
                if ($name -eq 'lime' -and $DagContext.Attempt -eq 1) { throw 'once' }
                if ($name -eq 'plum') { $DagContext.Pause('look at it') }
                $name
            }
        } | Invoke-Dag -DatabasePath $db -ThrottleLimit 1 -WarningAction SilentlyContinue
        Said $stopped 140 | Should -BeLike '*paused, 1 of 4 *each?1?: no price*Next says how to go on*'
        Said ($stopped | Format-List) 140 | Should -BeLike '*Error : note: look at it each?1?: no price for fig (value fig); 1 of 4 elements failed Next*'
        $each = $stopped.Nodes['each']
        $each.Error | Should -Be 'each[1]: no price for fig (value fig); 1 of 4 elements failed'
        Said $each 140 | Should -BeLike '*paused, 1 of 4 *each?1?: no price*for fig (value fig); note: 2*'
        Said ($each | Format-List) 140 | Should -BeLike '* Error : each?1?: no price*Retried : 2 elements took 2 or more attempts *'
        @($each.ChildRuns | ForEach-Object { [Lythonic.Dag.Internal.DagDetails]::Of($_, 0) }) |
            Should -Be 'note: value pear', 'no price for fig; note: value fig', 'note: value lime', 'note: look at it; value plum'
        $page = $stopped | Export-Dag -As Html
        $page | Should -Match '<div class="banner paused"[^\n]*look at it[^\n]*\n<p><a href="#(node-1-1)">each\[1\]: no price for fig'
        $page | Should -Match '<details id="node-1-1"><summary>.*each\[1\] fig'
    }

    It 'nodes that a failure kept from running say so, as $DagContext.Upstreams does' {
        $kept = New-Dag kept {
            Add-DagNode a { throw 'no' }
            Add-DagNode b { 2 } -After a
            Add-DagNode c { 3 } -After b
            Add-DagNode close { "b: $($DagContext.Upstreams['b'].Status)" | Write-Host } -After b -When Always
        }
        $failed = $kept | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue -InformationVariable closed 6>$null
        "$closed" | Should -Be 'b: upstream_failed'
        foreach ($run in $failed, (Get-DagRun $failed.RunId -DatabasePath $db)) {
            $run.Nodes | Where-Object Label -In b, c | ForEach-Object { "$($_.Label) $($_.Status) $($_.Attempt) $($_.Error)" } |
                Should -Be "b upstream_failed 0 Not run: 'a' failed.", "c upstream_failed 0 Not run: 'a' failed."
        }
        ($failed | Export-Dag) | Should -Match '"c<br/>upstream_failed"'
        ($failed | Export-Dag -As Html) | Should -Match "<h3>Why</h3>.*Not run: 'a' failed\."
        (Watch-DagRun $failed.RunId -DatabasePath $db -Plain 6>&1) -match ' c: ' | Should -BeLike "*c: not run: 'a' failed."
    }

    It 'a row has three lines at most, the last of which says how to go on, and a list has the whole text' {
        $why = 'the finance department approves all that costs more than the year before, and answers in two weeks or so, more or less'
        $long = New-Dag long { Add-DagNode ask { param($why) $DagContext.Pause($why) } } | Invoke-Dag @{ why = $why } -DatabasePath $db -WarningAction Ignore
        $failed = New-Dag long { Add-DagNode fail { param($why) throw "$why $why $why" } } | Invoke-Dag @{ why = $why } -DatabasePath $db -ErrorAction Ignore
        foreach ($thing in $long, $long.Nodes[0], $failed, $failed.Nodes[0]) {
            $lines = @(Shown $thing 80) -ne ''
            $lines.Count | Should -BeLessOrEqual 5
            $lines -match '…$' | Should -HaveCount 1
            Said ($thing | Format-List) | Should -BeLike "*$why*"
        }
        @(Shown $long 80) -ne '' | Select-Object -Last 1 | Should -Match '^ +Next says how to go on$'
    }

    It 'runs and maps say how much of them was reused' {
        $dag = New-Dag thumbs {
            Add-DagNode list { param($n) 1..$n }
            Add-DagNode resize -After list -Reuse -Map { $_ * 2 }
            Add-DagNode count -After resize -Reuse { param([object[]]$all) $all.Count }
        }
        $null = $dag | Invoke-Dag @{ n = 3 } -DatabasePath $db
        $more = $dag | Invoke-Dag @{ n = 5 } -DatabasePath $db
        Said $more | Should -Match ' thumbs completed .* note: reused 3 of 5 elements'
        Said $more.Nodes | Should -Match ' resize Map completed .* note: reused 3 of 5 elements'
        Said ($more.Nodes['resize'] | Format-List) | Should -Match ' Reused : 3 of 5 elements '
        $again = $dag | Invoke-Dag @{ n = 5 } -DatabasePath $db
        Said ($again | Format-List) | Should -Match ' Reused : 1 of 3 nodes, 5 of 5 elements '
        $replay = $again | Invoke-DagReplay -Node count
        Said $replay | Should -Match "note: replay of $($again.RunId.Substring(0, 8)); reused 2 of 3 nodes"
        $none = New-Dag thumbs { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        Said $none, ($none | Format-List) | Should -Not -Match 'reused \d'
    }

    It 'a replay and a restart are marked, and another day is said' {
        $dag = New-Dag marks { Add-DagNode a { 1 }; Add-DagNode b { if ($DagContext.Attempt -eq 1) { throw 'no' }; 2 } -After a }
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue | Restart-DagRun
        Shown $run | Where-Object { $_ -match 'marks' } | Should -Match 'restarted *$'
        Said ($run | Invoke-DagReplay -Node b -ErrorAction SilentlyContinue) | Should -Match "replay of $($run.RunId.Substring(0, 8))"
        [Lythonic.Dag.Internal.DagText]::Started($run.StartedAt) | Should -Match '^\d\d:\d\d$'
    }

    It 'a node that another node kept from running has not been tried, and a restart tries it for the first time' {
        $dag = New-Dag kept { Add-DagNode a { if ($DagContext.Attempt -eq 1) { throw 'no' }; 1 }; Add-DagNode b { 2 } -After a }
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction Ignore -ContinueOnFailure
        Said $failed.Nodes | Should -Match 'a ScriptBlock failed 1 .* b ScriptBlock upstream_ ?failed note:'
        $restarted = $failed | Restart-DagRun
        Said $restarted.Nodes | Should -Match 'a ScriptBlock completed 2 .* b ScriptBlock completed 1 '
        $restarted.Nodes.Attempt | Should -Be 2, 2 -Because 'the numbers in the database do not change'
        $page = $restarted | Export-Dag -As Html
        [regex]::Matches($page, '<h3>Attempt 1<') | Should -HaveCount 1 -Because 'that is the failure of a'
        $restarted | Watch-DagRun -Plain 6>&1 | Where-Object { $_ -match ' b: ' } | Should -Match ' b: completed, \d'
    }

    It 'a problem is a list with Format-List' {
        Shown ($unsound | Test-Dag | Format-List) 80 | Where-Object { $_ -match '^Message +: ' } | Should -Not -BeNullOrEmpty
    }

    It 'a run id in the table is enough to find the run' {
        $id = ((Shown $run | Where-Object { $_ -match 'failed' }) -split '\s+')[0]
        (Get-DagRun $id -DatabasePath $db).RunId | Should -Be $run.RunId
    }

    It 'a sub-run id in the table is enough to find the sub-run, in a list with its root run too' {
        foreach ($list in $run.Nodes['each'].ChildRuns, (Get-DagRun -DatabasePath $db -IncludeChild)) {
            $ids = @(Shown ($list | Format-Table) | Where-Object { $_ -match '^[0-9a-f]{8}' } | ForEach-Object { ($_ -split '\s+')[0] })
            $ids | Should -HaveCount @($list).Count
            foreach ($index in 0..($ids.Count - 1)) { (Get-DagRun $ids[$index] -DatabasePath $db).RunId | Should -Be @($list)[$index].RunId }
        }
        Shown (Get-DagRun -DatabasePath $db) | Where-Object { $_ -match '^RunId' } | Should -Match '^RunId    DagName'
    }

    It 'a list has every property of a <Name>' -ForEach @{ Name = 'run' }, @{ Name = 'node run' }, @{ Name = 'problem' } {
        $one = @($things[$Name])[0]
        $list = Shown ($one | Format-List)
        foreach ($property in $one.PSObject.Properties.Where{ $_.Name -notin 'Next', 'Description' -or $_.Value }.Name) {
            $list | Where-Object { $_ -match "^$property\s+:" } | Should -Not -BeNullOrEmpty -Because $property
        }
    }

    It 'what a replay took over is shown as reused, and its Status is skipped as in the database' {
        $new = New-Dag again { Add-DagNode a { 1 }; Add-DagNode b { 2 } -After a } | Invoke-Dag -DatabasePath $db | Invoke-DagReplay -Node b
        Shown $new.Nodes | Where-Object { $_ -match '^a ' } | Should -Match 'reused'
        $new.Nodes['a'].Status | Should -Be skipped
    }

    It 'no line ends inside a word or a part of a path where PowerShell breaks texts anywhere, in a table and in a list of a <_>' -ForEach 'run', 'node run' {
        $failed = New-Dag words { Add-DagNode get { throw "No file '/nowhere/data/of/line-3/with/a/long/path.csv'." } } |
            Invoke-Dag -DatabasePath $db -ErrorAction Ignore
        $thing = $_ -eq 'run' ? $failed : $failed.Nodes[0]
        $before = [cultureinfo]::CurrentCulture
        try {
            foreach ($culture in '', 'nl') {
                [cultureinfo]::CurrentCulture = $culture
                Said $thing 80 | Should -Match "No file '/nowhere/data/ of/line-3/with/a/long/ path.csv'"
                Said ($thing | Format-List) 80 | Should -Match "No file '/nowhere/data/of/line-3/with/a/long/path.csv'"
            }
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }

    It 'no view writes an error, under strict mode too' {
        $Error.Clear()
        & {
            Set-StrictMode -Version Latest
            foreach ($thing in $things.Values) { $null = Shown ($thing | Format-Table); $null = Shown ($thing | Format-List); $null = Shown $thing }
        }
        $Error | Should -BeNullOrEmpty
    }
}

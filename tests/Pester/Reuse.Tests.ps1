# -Reuse, -ReuseFor and -NoReuse, as a user sees them over several cmdlets.
BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    $Log = Join-Path $TestDrive 'ran.log'
    # What code appends to the log when it runs is an effect, and no output.
    function Read-Ran { if (Test-Path $Log) { Get-Content $Log; Remove-Item $Log } }
    function Show-Node { process { "$($_.Label) $($_.Status) $($_.Output -join ',')" } }
}

AfterAll { Restore-TestSession }

Describe '-Reuse' {
    BeforeEach {
        $env:LYTHONIC_DAG_DB = New-DatabasePath
        $Ran = $Log
        $null = Read-Ran
    }

    It 'takes the output of a node run with the same code and inputs, and says from which run' {
        $dag = New-Dag same { Add-DagNode a { param($x) Add-Content $using:Ran 'a'; 2 * $x } -Reuse; Add-DagNode b { $_ + 1 } -After a }
        $first = $dag | Invoke-Dag -SourceInput @{ x = 3 }
        $second = $dag | Invoke-Dag -SourceInput @{ x = 3 }
        $second.Nodes | Show-Node | Should -Be 'a skipped 6', 'b completed 7'
        $second.Nodes['a'].ReusedFrom | Should -Be $first.RunId
        $second.Nodes['b'].ReusedFrom | Should -BeNullOrEmpty
        Read-Ran | Should -Be 'a'
    }

    It 'is in the database: skipped, with the run in which the code ran' {
        $dag = New-Dag rows { Add-DagNode a { 1 } -Reuse }
        $first = $dag | Invoke-Dag
        $second = $dag | Invoke-Dag
        $row = Invoke-StoreQuery $env:LYTHONIC_DAG_DB 'SELECT status, reused_from, output_json FROM node_executions WHERE run_id = :run' @{ run = $second.RunId }
        $row.status, $row.reused_from, $row.output_json | Should -Be 'skipped', $first.RunId, '1'
    }

    It 'keeps its output, and the name of that run, when that run is removed' {
        $text = 'x' * 100000
        $dag = New-Dag removed { Add-DagNode a { param($t) Add-Content $using:Ran 'a'; $t + 'y' } -Reuse }
        $first = $dag | Invoke-Dag -SourceInput @{ t = $text }
        $second = $dag | Invoke-Dag -SourceInput @{ t = $text }
        Remove-DagRun $first.RunId -Confirm:$false
        $read = Get-DagRun $second.RunId
        $read.Outputs['a'] | Should -Be ($text + 'y')
        $read.Nodes['a'].ReusedFrom | Should -Be $first.RunId
        $third = $dag | Invoke-Dag -SourceInput @{ t = $text }
        $third.Nodes['a'].ReusedFrom | Should -Be $first.RunId
        Read-Ran | Should -Be 'a'
    }

    It 'does not reuse what cannot be compared, and says why with -Verbose: <Name>' -ForEach @(
        @{ Name = 'a live object'; Value = { [System.Threading.Tasks.TaskCompletionSource]::new() }; Why = '*live object*$using:Value*' }
        @{ Name = 'a secret'; Value = { ConvertTo-SecureString 'x' -AsPlainText -Force }; Why = '*secret*$using:Value*' }
        @{ Name = 'a scriptblock'; Value = { , { 1 } }; Why = '*ScriptBlock*$using:Value*' }
    ) {
        $Value = & $Value
        $dag = New-Dag live { Add-DagNode n { $null = $using:Value; 1 } -Reuse }
        $null = $dag | Invoke-Dag
        $said = $dag | Invoke-Dag -Verbose 4>&1
        ($said | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }).Nodes['n'].Status | Should -Be completed
        ($said | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message -like $Why | Should -HaveCount 1
    }

    It 'does not reuse an output that was written beside an error, or that has a live object inside' {
        $dag = New-Dag bad { Add-DagNode error { Write-Error no; 1 } -Reuse; Add-DagNode live { , (Get-Process -Id $PID) } -Reuse }
        $null = $dag | Invoke-Dag -ErrorAction SilentlyContinue
        ($dag | Invoke-Dag -ErrorAction SilentlyContinue).Nodes.Status | Should -Be completed, completed
    }

    It 'runs what replaces a node by -Override, and gives its output to nobody' {
        $dag = New-Dag over { Add-DagNode n { 1 } -Reuse }
        $null = $dag | Invoke-Dag
        ($dag | Invoke-Dag -Override @{ n = { 2 } }).Outputs['n'] | Should -Be 2
        ($dag | Invoke-Dag).Outputs['n'] | Should -Be 1
    }

    It 'runs everything with -NoReuse, after which that is what is reused' {
        $dag = New-Dag all { Add-DagNode n { [guid]::NewGuid() } -Reuse }
        $first, $second = ($dag | Invoke-Dag), ($dag | Invoke-Dag -NoReuse)
        $second.Outputs['n'] | Should -Not -Be $first.Outputs['n']
        ($dag | Invoke-Dag).Outputs['n'] | Should -Be $second.Outputs['n']
    }

    It 'runs in a replay the nodes that it names' {
        $dag = New-Dag replay { Add-DagNode n { [guid]::NewGuid() } -Reuse }
        $first = $dag | Invoke-Dag
        ($first | Invoke-DagReplay -Node n).Outputs['n'] | Should -Not -Be $first.Outputs['n']
    }

    It 'has no effect without provenance' {
        $dag = New-Dag none { Add-DagNode n { [guid]::NewGuid() } -Reuse }
        ($dag | Invoke-Dag -NoProvenance).Outputs['n'] | Should -Not -Be ($dag | Invoke-Dag -NoProvenance).Outputs['n']
    }

    It 'is as old as the code, with -ReuseFor' {
        $dag = New-Dag old { Add-DagNode n { [guid]::NewGuid() } -ReuseFor 3600; Add-DagNode m { [guid]::NewGuid().ToString() } -ReuseFor ([timespan]::FromTicks(1)) }
        $first, $second = ($dag | Invoke-Dag), ($dag | Invoke-Dag)
        $second.Outputs['n'] | Should -Be $first.Outputs['n']
        $second.Outputs['m'] | Should -Not -Be $first.Outputs['m']
    }

    It 'reuses the elements of a map that are the same, by their values, in any order and after a failure' {
        $dag = New-Dag elements {
            Add-DagNode list { param($n) $n }
            Add-DagNode each -Map { param($x) Add-Content $using:Ran "$x"; if ($x -lt 0) { throw 'no' }; 2 * $x } -After list -Reuse
        }
        $failed = $dag | Invoke-Dag -SourceInput @{ n = 1, 2, -3 } -ThrottleLimit 1 -ErrorAction SilentlyContinue
        $failed.Status | Should -Be failed
        Read-Ran | Should -Be '1', '2', '-3'
        $run = $dag | Invoke-Dag -SourceInput @{ n = 4, 2, 1 }
        Read-Ran | Should -Be '4'
        $run.Outputs['each'] | Should -Be 8, 4, 2
        $run.Nodes['each'].Status | Should -Be completed
        $run.Nodes['each'].ChildRuns.Nodes.Status | Should -Be completed, skipped, skipped
        $run.Nodes['each'].ChildRuns[1].Nodes[0].ReusedFrom | Should -Be $failed.Nodes['each'].ChildRuns[1].RunId
        $run.Nodes['each'].ChildRuns.Status | Should -Be completed, completed, completed
        $run.Nodes['each'].ChildRuns[0].ReusedFrom | Should -BeNullOrEmpty
        $run.Nodes['each'].ChildRuns[1].ReusedFrom | Should -Be $failed.Nodes['each'].ChildRuns[1].RunId
        ($run.Nodes['each'] | Format-List | Out-String -Stream) -match '^ChildRuns +: 1 completed, 2 reused' | Should -HaveCount 1
        ($run.Nodes['each'].ChildRuns | Out-String -Stream) -match 'reused +\d\d:\d\d' | Should -HaveCount 2 -Because 'what was reused took no time'
        ($run.Nodes | Out-String) -replace '\s+', ' ' | Should -Match 'each .* note: reused 2 of 3 elements'
        $run | Export-Dag | Should -Match "reused.*:::skipped"
    }

    It 'records the constants of a reused element as those of one that ran' {
        $dag = New-Dag constants { Add-DagNode list { 1, 2 }; Add-DagNode each -Map { param($x, $k) $x * $k } -Parameter @{ k = 5 } -After list -Reuse }
        $ran, $reused = 1, 2 | ForEach-Object { $dag | Invoke-Dag }
        $reused.Nodes['each'].ChildRuns.Nodes.Status | Should -Be skipped, skipped
        $inputs = $ran, $reused | ForEach-Object { $_.Nodes['each'].ChildRuns.Nodes | ForEach-Object { "$($_.Input['x']) $($_.Input['k'])" } }
        $inputs | Should -Be '1 5', '2 5', '1 5', '2 5'
        # A busy machine makes durations differ.
        Compare-DagRun $ran $reused | Where-Object Change -NE Duration | Should -BeNullOrEmpty
    }

    It 'says from which run a sub-run of several nodes is, and the replay of failed elements too' {
        $sub = New-Dag s { Add-DagNode a { param($x) 2 * $x }; Add-DagNode b { if ($_ -lt 0) { throw 'no' }; $_ + 1 } -After a }
        $dag = New-Dag several { Add-DagNode list { param($n) $n }; Add-DagNode each -Map $sub -After list -Reuse }
        $first = $dag | Invoke-Dag -SourceInput @{ n = 1, 2 }
        $second = $dag | Invoke-Dag -SourceInput @{ n = 1, -3 } -ErrorAction SilentlyContinue
        $from = $first.Nodes['each'].ChildRuns[0].RunId
        $second.Nodes['each'].ChildRuns[0].ReusedFrom | Should -Be $from
        $replay = $second | Invoke-DagReplay -Node each -FailedOnly -WarningAction Ignore -ErrorAction SilentlyContinue
        $replay.Nodes['each'].ChildRuns[0].ReusedFrom | Should -Be $from
    }

    It 'says nothing of it without -Verbose' {
        $dag = New-Dag quiet { Add-DagNode n { $null = $using:Host; 1 } -Reuse }
        $dag | Invoke-Dag 4>&1 | Should -BeOfType Lythonic.Dag.DagRun
    }

    It 'says with -WhatIf of each node why it would run or be reused' {
        function Get-WhatIf([string]$Script) { Invoke-ChildPwsh "`$env:LYTHONIC_DAG_DB = '$env:LYTHONIC_DAG_DB'; $Script" | Out-String -Width 500 }
        $file = Join-Path $TestDrive 'what.csv'
        $make = {
            New-Dag plan {
                Add-DagNode read { param($f) Get-Content $f } -Parameter @{ f = Get-Item '{file}' } -Reuse
                Add-DagNode rate { "$_" + (Get-Rate) } -After read -Reuse
                Add-DagNode list { 1..4 } -After rate -Reuse
                Add-DagNode each -Map { $_ } -After list -Reuse
                Add-DagNode live { $using:Host; 1 } -Reuse
                Add-DagNode plain { 1 }
            }
        }.ToString().Replace('{file}', $file)
        Set-Content $file 'one'
        $said = Get-WhatIf "function Get-Rate { 3 }; `$dag = $make; `$dag | Invoke-Dag -WhatIf; `$null = `$dag | Invoke-Dag; '--'; `$dag | Invoke-Dag -WhatIf
            function Get-Rate { 4 }; `$dag | Invoke-Dag -WhatIf; Set-Content '$file' 'other text'; ($make) | Invoke-Dag -WhatIf; function Get-Rate { 3 }; ($make) | Invoke-Dag -WhatIf
            `$null = 1, 2 | Invoke-DagMap { Get-Rate } -Reuse; function Get-Rate { 5 }; 1, 2 | Invoke-DagMap { Get-Rate } -Reuse -WhatIf"
        $said | Should -BeLike "*Run: node 'read', because no run of it is there to be reused*--*"
        $said | Should -BeLike "*--*Reuse: node 'read', because its code and inputs are those of run*"
        $said | Should -BeLike "*--*Reuse: node 'each', because 4 of its 4 elements are reused, 0 run*"
        $said | Should -BeLike "*Run: node 'live', because it has a live object (*) as `$using:host, and so it cannot be reused*"
        $said | Should -BeLike "*--*Run: node 'plain', because a new run runs every node*"
        $said | Should -BeLike "*Run: node 'rate', because function Get-Rate has changed*"
        $said | Should -BeLike "*Run: node 'read', because the file what.csv has changed*Run: node 'rate', because function Get-Rate has changed*Run: node 'rate', because 'read' runs before it*"
        $said | Should -BeLike "*Run: node 'each', because 0 of its 2 elements are reused: function Get-Rate has changed*"
    }

    It 'says once that code has changed, and since which run, where nothing else is the reason' {
        # What the engine says of the run as a whole.
        function Said([scriptblock]$Run) { & $Run 6>&1 | Where-Object { $_ -is [Management.Automation.InformationRecord] } | ForEach-Object { "$_" } }
        function Sub($Code, $Given = 1..3) { Said { $Given | Invoke-DagMap $Code -Name line -Reuse -ThrottleLimit 1 } }
        Sub { $_ * 2 } | Should -BeNullOrEmpty -Because 'there is no earlier run'
        $first = (Get-DagRun -DagName line).RunId.Substring(0, 8)
        Sub { $_ * 2 } (1..4) | Should -BeNullOrEmpty -Because 'a new element is no change of the code'
        $newest = (Get-DagRun -DagName line -First 1).RunId.Substring(0, 8)
        Sub { $_ * 3 } | Should -Match "^'each' reuses nothing of the run $newest of \d+ \w+ \d\d:\d\d: its code has changed since\.$"
        Sub { $_ * 2 } (1..5) | Should -BeNullOrEmpty -Because 'what ran with this code before is reused'
        Sub { $_ * 4 } | Should -HaveCount 1

        # Without a name, the runs before may be those of any other line.
        Said { 1..3 | Invoke-DagMap { $_ * 5 } -Reuse } | Should -BeNullOrEmpty
        Said { 1..3 | Invoke-DagMap { $_ * 6 } -Reuse } | Should -BeNullOrEmpty

        $factor = 2
        $make = { New-Dag nodes { Add-DagNode a { param($x) $x * $using:factor } -Reuse; Add-DagNode b { Get-Random } -After a } }
        Said { & $make | Invoke-Dag -SourceInput @{ x = 1 } } | Should -BeNullOrEmpty
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } } | Should -BeNullOrEmpty -Because 'the input has changed'
        $factor = 3
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } -NoReuse } | Should -BeNullOrEmpty
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } -NoProvenance } | Should -BeNullOrEmpty
        $factor = 4
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } } | Should -Match "^'a' reuses nothing of the run \w{8} of .*: .*factor has changed since\.$"
    }

    It 'is warned of by Test-Dag where its code asks for <Asks>' -ForEach @(
        @{ Asks = '$env:X'; Code = { $env:X } }
        @{ Asks = 'Get-Date'; Code = { Get-Date } }
        @{ Asks = 'Get-Random'; Code = { 1..3 | Get-Random } }
        @{ Asks = '[datetime]::Now'; Code = { [datetime]::Now.Year } }
        @{ Asks = '[guid]::NewGuid'; Code = { [guid]::NewGuid() } }
        @{ Asks = 'Get-Date'; Code = { Get-Stamp } }
        @{ Asks = 'Get-Process'; Code = { Get-Process -Id $_ } }
        @{ Asks = "what is at the path 'data.csv'"; Code = { Import-Csv data.csv -Delimiter ';' } }
        @{ Asks = "what is at the path '*.csv'"; Code = { Get-ChildItem -Recurse *.csv } }
    ) {
        function Get-Stamp { Get-Date }
        $problem = New-Dag asks { Add-DagNode list { 1 }; Add-DagNode n -Map $Code -After list -Reuse } | Test-Dag
        $problem.Severity, $problem.Node | Should -Be Warning, 'n/n'
        $problem.Message | Should -BeLike "*asks for $([WildcardPattern]::Escape($Asks)),*"
        New-Dag asks { Add-DagNode n $Code } | Test-Dag | Should -BeNullOrEmpty
    }

    It 'keeps what it took over when other processes remove runs at the same time' {
        $script = {
            $text = 'x' * 20000
            $dag = New-Dag busy { Add-DagNode list { 1..20 }; Add-DagNode each -Map { param($x) "$x" + $using:text } -After list -Reuse }
            foreach ($round in 1..8) {
                $run = $dag | Invoke-Dag -Tag "process$PID"
                if ($run.Status -ne 'completed') { throw "It is $($run.Status): $($run.Error)" }
                $bad = @((Get-DagRun $run.RunId).Outputs['each'] | Where-Object { $_.Length -lt 20000 })
                if ($bad) { throw 'An output is gone.' }
                Get-DagRun -Tag "process$PID" | Where-Object RunId -NE $run.RunId | Remove-DagRun -Confirm:$false
            }
        }
        $text = "`$env:LYTHONIC_DAG_DB = '$env:LYTHONIC_DAG_DB'; & {$script}"
        $others = 1..2 | ForEach-Object { Start-ChildPwsh $text }
        $others | ForEach-Object { $_.WaitForExit() }
        $others.ExitCode | Should -Be 0, 0
    }

    It 'is reused by another process, and there too a hashtable has no order' {
        $script = {
            $env:LYTHONIC_DAG_DB = '{0}'
            $table = @{ alpha = 1; beta = 2; gamma = 3; delta = 4; epsilon = 5; zeta = 6 }
            (New-Dag process {
                Add-DagNode t { @{ alpha = 1; beta = 2; gamma = 3; delta = 4 } }
                Add-DagNode n { $_.Count + $using:table.Count } -After t -Reuse
            } | Invoke-Dag).Nodes['n'].Status
        }.ToString().Replace('{0}', $env:LYTHONIC_DAG_DB)
        Invoke-ChildPwsh $script | Should -Be completed
        Invoke-ChildPwsh $script | Should -Be skipped
    }
}
